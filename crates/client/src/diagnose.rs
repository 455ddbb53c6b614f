//! Finding out where a connection fails, one step after the other: names, connection, proxy, certificate.

mod certificate;
mod steps;

pub use steps::Step;

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use crosswalk_connector::{Origin, is_private_address};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::account::AccountClient;
use crate::error::ClientError;
use crate::profile::Trust;
use crate::transport::{ProxySetting, Transport, tls_failure};
use certificate::Watching;
use steps::Steps;

/// The most a proxy's answer to `CONNECT` may be.
const PROXY_ANSWER: usize = 16 * 1024;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}
type Connection = Box<dyn Stream>;

impl AccountClient {
    /// Tries to reach every origin the account's secrets go to, without sending any: `dns`, `tcp`, `proxy`, `tls`, in the order taken, until
    /// one fails. Origins after the first have their host in the step's name.
    pub async fn diagnose(&self) -> Vec<Step> {
        let trust = &self.profile().trust;
        let mut all = Vec::new();
        for (index, origin) in trust.origins.iter().enumerate() {
            let mut found = reach(self.transport(), trust, origin).await;
            let failed = found.iter().any(|step| !step.ok);
            if index > 0 {
                for step in &mut found {
                    step.name = format!("{} {}", step.name, origin.host());
                }
            }
            all.extend(found);
            if failed {
                break;
            }
        }
        all
    }
}

/// Tries to reach one origin.
async fn reach(transport: &Transport, trust: &Trust, origin: &Origin) -> Vec<Step> {
    let mut steps = Steps::default();
    // What failed is in the steps already.
    let _ = try_reach(transport, trust, origin, &mut steps).await;
    steps.done()
}

async fn try_reach(
    transport: &Transport,
    trust: &Trust,
    origin: &Origin,
    steps: &mut Steps,
) -> Result<(), ClientError> {
    let limit = transport.settings().timeouts.connect;
    let host = origin.host().trim_start_matches('[').trim_end_matches(']');
    let connection: Connection = if let Some(proxy) = transport.settings().proxy_for(host) {
        through_proxy(transport, proxy, origin, limit, steps).await?
    } else {
        let addresses = steps
            .take("dns", resolve(trust, origin, host, limit))
            .await?;
        Box::new(steps.take("tcp", connect(host, &addresses, limit)).await?)
    };
    if origin.is_secure() {
        steps
            .take("tls", handshake(transport, host, connection, limit))
            .await?;
    }
    Ok(())
}

async fn resolve(
    trust: &Trust,
    origin: &Origin,
    host: &str,
    limit: Duration,
) -> Result<(Vec<SocketAddr>, String), ClientError> {
    let failed = |detail: String| ClientError::DnsFailed {
        host: host.to_owned(),
        detail,
    };
    let found = timeout(limit, tokio::net::lookup_host((host, origin.port()))).await;
    let found = found.map_err(|_| failed("no answer from the name server".to_owned()))?;
    let addresses: Vec<SocketAddr> = found.map_err(|error| failed(error.to_string()))?.collect();
    if addresses.is_empty() {
        return Err(failed("the name has no address".to_owned()));
    }
    let confirmed = trust
        .confirmed_hosts
        .iter()
        .any(|typed| typed.eq_ignore_ascii_case(&origin.host_and_port()));
    let inside = addresses
        .iter()
        .find(|address| is_private_address(address.ip()));
    if let Some(address) = inside.filter(|_| !confirmed && !origin.names_loopback()) {
        return Err(ClientError::PrivateAddress {
            host: host.to_owned(),
            address: address.ip().to_string(),
        });
    }
    let names: Vec<String> = addresses
        .iter()
        .take(3)
        .map(|address| address.ip().to_string())
        .collect();
    Ok((addresses, format!("{host} is {}", names.join(", "))))
}

async fn connect(
    host: &str,
    addresses: &[SocketAddr],
    limit: Duration,
) -> Result<(TcpStream, String), ClientError> {
    let mut last = ClientError::ConnectTimeout {
        host: host.to_owned(),
        after: limit,
    };
    for address in addresses {
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, format!("connected to {address}"))),
            Ok(Err(error)) => {
                last = ClientError::TcpRefused {
                    host: host.to_owned(),
                    detail: error.to_string(),
                }
            }
            Err(_) => {
                last = ClientError::ConnectTimeout {
                    host: host.to_owned(),
                    after: limit,
                }
            }
        }
    }
    Err(last)
}

async fn through_proxy(
    transport: &Transport,
    proxy: &ProxySetting,
    origin: &Origin,
    limit: Duration,
    steps: &mut Steps,
) -> Result<Connection, ClientError> {
    let tunnel = async {
        let shown = proxy.url.to_string();
        let unreachable = |detail: String| ClientError::ProxyUnreachable {
            proxy: shown.clone(),
            detail,
        };
        let host = proxy
            .url
            .host_str()
            .unwrap_or_default()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = proxy.url.port_or_known_default().unwrap_or(3128);
        let found = timeout(limit, TcpStream::connect((host.as_str(), port))).await;
        let found = found.map_err(|_| unreachable("no answer".to_owned()))?;
        let stream = found.map_err(|error| unreachable(error.to_string()))?;
        let mut stream: Connection = Box::new(stream);
        if proxy.url.scheme() == "https" {
            stream = handshake(transport, &host, stream, limit).await?.0;
        }
        let answer = timeout(limit, ask(&mut stream, proxy, origin)).await;
        let answer = answer.map_err(|_| unreachable("no answer to CONNECT".to_owned()))?;
        let line = answer.map_err(|error| unreachable(error.to_string()))?;
        let status = line
            .split_whitespace()
            .nth(1)
            .and_then(|status| status.parse::<u16>().ok());
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return Ok((
                stream,
                format!("{shown} connects to {}", origin.host_and_port()),
            ));
        }
        let detail = crate::words::fit(&line, &[]);
        Err(ClientError::ProxyRefused {
            proxy: shown,
            host: origin.host_and_port(),
            detail,
        })
    };
    steps.take("proxy", tunnel).await
}

/// Sends `CONNECT` and reads the head of the answer; returns its first line.
async fn ask(
    stream: &mut Connection,
    proxy: &ProxySetting,
    origin: &Origin,
) -> std::io::Result<String> {
    let target = format!("{}:{}", origin.host(), origin.port());
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    if let Some((user, password)) = &proxy.login {
        let login = base64::engine::general_purpose::STANDARD
            .encode(format!("{user}:{}", password.expose()));
        let _ = write!(request, "Proxy-Authorization: Basic {login}\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut head = Vec::new();
    // Byte by byte: what follows the head belongs to the tunnel.
    while !head.ends_with(b"\r\n\r\n") && head.len() < PROXY_ANSWER {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof && !head.is_empty() => {
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&head)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned())
}

async fn handshake(
    transport: &Transport,
    host: &str,
    stream: Connection,
    limit: Duration,
) -> Result<(Connection, String), ClientError> {
    let failed = |detail: String| ClientError::TlsFailed {
        host: host.to_owned(),
        detail,
    };
    let watching = Arc::new(Watching::new(transport.settings())?);
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::aws_lc_rs::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .map_err(|error| failed(error.to_string()))?
    .dangerous()
    .with_custom_certificate_verifier(watching.clone())
    .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(error.to_string()))?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    match timeout(limit, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => Ok((Box::new(stream), watching.describe())),
        Ok(Err(error)) => {
            let refused = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>());
            let error = refused.map_or_else(
                || failed(error.to_string()),
                |error| tls_failure(host.to_owned(), error),
            );
            Err(match error {
                ClientError::TlsCertificate { host, problem, .. } => ClientError::TlsCertificate {
                    host,
                    problem,
                    detail: watching.describe(),
                },
                other => other,
            })
        }
        Err(_) => Err(failed(format!(
            "no answer to the handshake within {} s",
            limit.as_secs()
        ))),
    }
}
