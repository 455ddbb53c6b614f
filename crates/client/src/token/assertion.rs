use crosswalk_connector::{JwtAlgorithm, JwtAssertion, Place};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value};

use crate::error::ClientError;
use crate::profile::Profile;

/// Signs the assertion a client proves itself with (RFC 7523), with the first of the definition's algorithms that fits the private key.
pub(super) fn sign(
    profile: &Profile,
    assertion: &JwtAssertion,
    scopes: &str,
    now: Timestamp,
) -> Result<String, ClientError> {
    let values = profile.auth_values(None);
    let mut claims = Map::new();
    for (name, template) in &assertion.claims {
        claims.insert(
            name.clone(),
            Value::String(values.render(template, Place::Text)?),
        );
    }
    if let Some(claim) = &assertion.scope_claim {
        claims.insert(claim.clone(), Value::String(scopes.to_owned()));
    }
    let lifetime = i64::try_from(assertion.lifetime.duration().as_secs()).unwrap_or(i64::MAX);
    claims.insert("iat".to_owned(), now.as_second().into());
    claims.insert(
        "exp".to_owned(),
        now.as_second().saturating_add(lifetime).into(),
    );
    claims.insert(
        "jti".to_owned(),
        Value::String(uuid::Uuid::new_v4().to_string()),
    );
    let pem = profile.credential("private_key")?;
    let fitting = assertion
        .algorithms
        .iter()
        .find_map(|algorithm| Some((*algorithm, key_for(*algorithm, pem.expose().as_bytes())?)));
    let Some((algorithm, key)) = fitting else {
        let wanted: Vec<_> = assertion
            .algorithms
            .iter()
            .map(|algorithm| format!("{algorithm:?}"))
            .collect();
        return Err(ClientError::Signing {
            detail: format!("the private key fits none of {}", wanted.join(", ")),
        });
    };
    let mut header = Header::new(registered(algorithm));
    for (name, template) in &assertion.headers {
        let value = values.render(template, Place::Text)?;
        match name.as_str() {
            "kid" => header.kid = Some(value),
            "x5t" => header.x5t = Some(value),
            "jku" => header.jku = Some(value),
            _ => {
                header.extras.insert(name.clone(), Value::String(value));
            }
        }
    }
    jsonwebtoken::encode(&header, &claims, &key).map_err(|error| ClientError::Signing {
        detail: error.to_string(),
    })
}

fn key_for(algorithm: JwtAlgorithm, pem: &[u8]) -> Option<EncodingKey> {
    use JwtAlgorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match algorithm {
        RS256 | RS384 | RS512 | PS256 | PS384 | PS512 => EncodingKey::from_rsa_pem(pem).ok(),
        ES256 | ES384 => EncodingKey::from_ec_pem(pem).ok(),
        EdDSA => EncodingKey::from_ed_pem(pem).ok(),
    }
}

fn registered(algorithm: JwtAlgorithm) -> Algorithm {
    match algorithm {
        JwtAlgorithm::RS256 => Algorithm::RS256,
        JwtAlgorithm::RS384 => Algorithm::RS384,
        JwtAlgorithm::RS512 => Algorithm::RS512,
        JwtAlgorithm::PS256 => Algorithm::PS256,
        JwtAlgorithm::PS384 => Algorithm::PS384,
        JwtAlgorithm::PS512 => Algorithm::PS512,
        JwtAlgorithm::ES256 => Algorithm::ES256,
        JwtAlgorithm::ES384 => Algorithm::ES384,
        JwtAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}
