use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

use crate::error::ClientError;
use crate::transport::{HttpSettings, extra_certificates};

/// Judges certificates as the transport does, and remembers the one it was shown.
#[derive(Debug)]
pub(super) struct Watching {
    judge: Verifier,
    seen: Mutex<Option<Vec<u8>>>,
}

impl Watching {
    pub(super) fn new(settings: &HttpSettings) -> Result<Self, ClientError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let judge = Verifier::new_with_extra_roots(extra_certificates(settings)?, provider);
        let judge = judge.map_err(|error| ClientError::Settings {
            detail: error.to_string(),
        })?;
        Ok(Self {
            judge,
            seen: Mutex::new(None),
        })
    }

    /// Whose certificate was shown, by whom it was issued, and until when it is valid.
    pub(super) fn describe(&self) -> String {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, certificate)) = seen
            .as_deref()
            .and_then(|der| X509Certificate::from_der(der).ok())
        else {
            return "no certificate was shown".to_owned();
        };
        let until = jiff::Timestamp::from_second(certificate.validity().not_after.timestamp());
        let until = until.map_or_else(
            |_| "an unreadable date".to_owned(),
            |until| until.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        );
        format!(
            "certificate of {}, issued by {}, valid until {until}",
            name(certificate.subject()),
            name(certificate.issuer())
        )
    }
}

/// The organisation and the common name, as far as there are any; certificates of public sites often have the latter alone.
fn name(name: &X509Name<'_>) -> String {
    let common = name
        .iter_common_name()
        .next()
        .and_then(|part| part.as_str().ok());
    let organisation = name
        .iter_organization()
        .next()
        .and_then(|part| part.as_str().ok());
    let text = match (common, organisation) {
        (Some(common), Some(organisation)) if common != organisation => {
            format!("{common} ({organisation})")
        }
        (Some(one), _) | (None, Some(one)) => one.to_owned(),
        (None, None) => "somebody unnamed".to_owned(),
    };
    crate::words::fit(&text, &[])
}

impl ServerCertVerifier for Watching {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        self.judge
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}
