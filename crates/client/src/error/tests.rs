use super::*;

#[test]
fn every_error_has_a_side_and_a_next_step() {
    let samples = [
        ClientError::DnsFailed {
            host: "a.example".into(),
            detail: "no such name".into(),
        },
        ClientError::Origin(OriginError::NotDeclared("evil.example".into())),
        ClientError::Forbidden {
            permission: Permission::Unknown,
            detail: Words::default(),
        },
        ClientError::DefinitionChanged,
    ];
    for error in &samples {
        assert!(error.hint().ends_with('.'), "{error}");
        assert!(!error.code().is_empty());
    }
    assert_eq!(samples[0].side(), Side::Network);
    assert_eq!(samples[1].side(), Side::Ours);
    assert_eq!(samples[2].side(), Side::Provider);
    assert!(samples[2].hint().contains("allow-list"));
}

#[test]
fn only_the_providers_own_word_refuses_credentials() {
    let text = String::new;
    let refusals = [
        ClientError::AuthRefused {
            error: text(),
            detail: text(),
        },
        ClientError::ScopeRefused { detail: text() },
        ClientError::NeedsReauth {
            detail: Words::default(),
        },
    ];
    for error in &refusals {
        assert!(error.refuses_credentials(), "{error}");
    }
    let others = [
        ClientError::TcpRefused {
            host: text(),
            detail: text(),
        },
        ClientError::DnsFailed {
            host: text(),
            detail: text(),
        },
        ClientError::ProxyRefused {
            proxy: text(),
            host: text(),
            detail: text(),
        },
        ClientError::HtmlAnswer {
            host: text(),
            status: 200,
            detail: Words::default(),
        },
        ClientError::TokenAnswer { detail: text() },
        ClientError::TokenStore { detail: text() },
        ClientError::ServerError {
            status: 503,
            detail: Words::default(),
        },
    ];
    for error in &others {
        assert!(!error.refuses_credentials(), "{error}");
    }
}
