//! Sockets that serve a router, with TLS or without, on one runtime for all tests.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, OnceLock};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// The runtime of everything the tests serve.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    })
}

/// Serves until dropped.
pub struct Listener {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin, router: Router, date: bool) {
    let service = TowerToHyperService::new(router);
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).auto_date_header(date);
    // A client that goes away, or a body cut off on purpose, ends a connection with an error.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// Serves a router on a free port of 127.0.0.1.
pub fn serve(router: Router, tls: Option<Arc<ServerConfig>>, date: bool) -> Listener {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let address = socket.local_addr().unwrap();
    let task = runtime().spawn(async move {
        let socket = tokio::net::TcpListener::from_std(socket).unwrap();
        let acceptor = tls.map(TlsAcceptor::from);
        while let Ok((stream, _)) = socket.accept().await {
            let (router, acceptor) = (router.clone(), acceptor.clone());
            tokio::spawn(async move {
                match acceptor {
                    None => connection(stream, router, date).await,
                    Some(acceptor) => {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            connection(stream, router, date).await;
                        }
                    }
                }
            });
        }
    });
    Listener { address, task }
}
