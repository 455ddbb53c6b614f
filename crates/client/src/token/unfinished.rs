use std::future::Future;
use std::sync::Arc;

use tokio::sync::RwLock;
use tokio::task::JoinHandle;

/// Requests for tokens that go on when nobody waits for them any more. A program that ends waits for them: a refresh token that was rotated
/// in an answer nobody reads is lost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unfinished(Arc<RwLock<()>>);

impl Unfinished {
    /// Carries `work` out to its end.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        let unfinished = Arc::clone(&self.0);
        // Counted before it begins, so that nobody ends in between.
        let counted = Arc::clone(&unfinished).try_read_owned();
        tokio::spawn(async move {
            let _counted = match counted {
                Ok(counted) => counted,
                Err(_) => unfinished.read_owned().await,
            };
            work.await
        })
    }

    /// Waits until all of it has ended.
    pub(crate) async fn wait(&self) {
        drop(self.0.write().await);
    }
}
