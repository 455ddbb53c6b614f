use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};
use url::Url;

use super::failure::{Situation, explain};
use super::resolver::GuardedResolver;
use super::settings::{HttpSettings, extra_certificates};
use crate::error::ClientError;

/// The most that is read for one answer, after decompression.
const BODY_LIMIT: u64 = 64 * 1024 * 1024;
/// Room made before the first byte; an announced length is a promise, not a fact.
const FIRST_ROOM: u64 = 256 * 1024;

/// A request ready to go.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// Where to. Its origin has been checked by whoever built the request.
    pub url: Url,
    /// All headers; those with secrets are marked sensitive.
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Option<Bytes>,
}

/// What came back, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

impl Answer {
    /// A header's text, if it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The provider's own number for the request, under the names in use, as it came.
    pub fn request_id(&self) -> Option<&str> {
        let names = [
            "x-request-id",
            "request-id",
            "x-correlation-id",
            "x-amzn-requestid",
            "x-trace-id",
        ];
        names.into_iter().find_map(|name| self.header(name))
    }
}

/// Connections of one kind: same proxy, same certificates, same hosts that may lie in private networks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Route {
    client: reqwest::Client,
    settings: HttpSettings,
}

impl Route {
    pub(super) fn build(
        settings: &HttpSettings,
        resolver: GuardedResolver,
    ) -> Result<Self, ClientError> {
        let unusable = |error: reqwest::Error| ClientError::Settings {
            detail: error.without_url().to_string(),
        };
        let certificates: Result<Vec<_>, _> = extra_certificates(settings)?
            .iter()
            .map(|der| reqwest::Certificate::from_der(der))
            .collect();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(resolver)
            .user_agent(settings.agent())
            .connect_timeout(settings.timeouts.connect)
            .read_timeout(settings.timeouts.read)
            .timeout(settings.timeouts.total)
            .tcp_nodelay(true)
            .pool_max_idle_per_host(64)
            .tls_certs_merge(certificates.map_err(unusable)?);
        if let Some(proxy) = settings.reqwest_proxy()? {
            builder = builder.proxy(proxy);
        }
        Ok(Self {
            client: builder.build().map_err(unusable)?,
            settings: settings.clone(),
        })
    }

    /// The settings this route was built with.
    pub fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    /// Sends once and reads the answer to its end. Any status is an answer.
    ///
    /// # Errors
    ///
    /// Whatever keeps an answer from coming whole, and [`ClientError::BodyTooLarge`].
    pub async fn send(&self, outgoing: Outgoing) -> Result<Answer, ClientError> {
        let host = outgoing.url.host_str().unwrap_or_default().to_owned();
        let proxy = self
            .settings
            .proxy_for(&host)
            .map(|proxy| proxy.url.to_string());
        let situation = |in_body| Situation {
            host: &host,
            proxy: proxy.as_deref(),
            timeouts: self.settings.timeouts,
            in_body,
        };
        let mut request = self
            .client
            .request(outgoing.method, outgoing.url)
            .headers(outgoing.headers);
        if let Some(body) = outgoing.body {
            request = request.body(body);
        }
        let mut response = request
            .send()
            .await
            .map_err(|error| explain(&error, &situation(false)))?;
        let too_large = || ClientError::BodyTooLarge {
            host: host.clone(),
            limit: BODY_LIMIT,
        };
        let announced = response.content_length().unwrap_or(0);
        if announced > BODY_LIMIT {
            return Err(too_large());
        }
        let mut body =
            BytesMut::with_capacity(usize::try_from(announced.min(FIRST_ROOM)).unwrap_or(0));
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| explain(&error, &situation(true)))?
        {
            if (body.len() + chunk.len()) as u64 > BODY_LIMIT {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let status = response.status().as_u16();
        Ok(Answer {
            status,
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
        })
    }
}
