use url::{Url, form_urlencoded};

/// Values of an address that the provider made up, or that come from a record: they may say anything, and what is recorded stays for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unwritten {
    /// There are none.
    Nothing,
    /// Those of these parameters.
    Of(Vec<String>),
    /// Those of all parameters but these.
    AllBut(Vec<String>),
}

impl Unwritten {
    fn covers(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Of(names) => names.iter().any(|known| known == name),
            Self::AllBut(names) => names.iter().all(|known| known != name),
        }
    }
}

/// An address as it is recorded: its path, and its query with `…` for values that are not written down.
pub(crate) fn shown(url: &Url, unwritten: &Unwritten) -> String {
    if *unwritten == Unwritten::Nothing {
        return url.as_str().to_owned();
    }
    let mut bare = url.clone();
    bare.set_query(None);
    // It is never sent.
    bare.set_fragment(None);
    let Some(query) = url.query() else {
        return bare.into();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            let decoded = form_urlencoded::parse(name.as_bytes()).next();
            let decoded = decoded.map(|(name, _)| name).unwrap_or_default();
            let covered = !value.is_empty() && unwritten.covers(&decoded);
            match (covered, name) {
                (false, _) => pair.to_owned(),
                (true, "") => "…".to_owned(),
                (true, name) => format!("{name}=…"),
            }
        })
        .collect();
    format!("{bare}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_the_provider_made_up_is_not_written_down() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let token = Unwritten::Of(names(&["after", "id[gt]"]));
        let address = Unwritten::AllBut(names(&["limit", "updated-at[gt]"]));
        for (unwritten, query, expected) in [
            (
                &Unwritten::Nothing,
                "?after=t1&limit=5",
                "?after=t1&limit=5",
            ),
            (&token, "?after=t1&limit=5", "?after=…&limit=5"),
            (
                &token,
                "?id%5Bgt%5D=7&id[gt]=8&x=after",
                "?id%5Bgt%5D=…&id[gt]=…&x=after",
            ),
            (&token, "?flag&after=", "?flag&after="),
            (&token, "", ""),
            (&address, "?limit=5&cursor=t1", "?limit=5&cursor=…"),
            (
                &address,
                "?updated-at%5Bgt%5D=a%20b&q=Acme+Ltd",
                "?updated-at%5Bgt%5D=a%20b&q=…",
            ),
            (&address, "?dGhlIHBsYWNl&a=b=c", "?…&a=…"),
            (&address, "?a=1#t1", "?a=…"),
            (&address, "#t1", ""),
        ] {
            let url = Url::parse(&format!("https://a.example/list{query}")).unwrap();
            assert_eq!(
                shown(&url, unwritten),
                format!("https://a.example/list{expected}")
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_value_of_the_providers_gets_through(name in "[a-z%+&=]{0,8}", value in "[a-z]{3,8}[0-9]{9}") {
            let url = Url::parse(&format!("https://a.example/x?{name}={value}&limit=5")).unwrap();
            let told = shown(&url, &Unwritten::AllBut(vec!["limit".to_owned()]));
            proptest::prop_assert!(!told.contains(&value), "{}", told);
        }
    }
}
