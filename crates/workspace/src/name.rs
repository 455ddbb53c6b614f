use crate::error::{Error, Result};

/// Checks an id that a user chose: it is shown everywhere, and typed in a shell.
pub(crate) fn check(id: &str) -> Result<()> {
    let fits = (1..=64).contains(&id.len())
        && id.starts_with(|first: char| first.is_ascii_alphanumeric())
        && id
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-'));
    if fits {
        Ok(())
    } else {
        Err(Error::InvalidName { id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn short_plain_names_pass_and_others_do_not() {
        for id in ["a", "acme", "acme-prod.eu_2", "9lives", &"x".repeat(64)] {
            assert!(check(id).is_ok(), "{id}");
        }
        for id in ["", "-acme", ".", "a b", "a/b", "é", "a\n", &"x".repeat(65)] {
            assert!(check(id).is_err(), "{id}");
        }
    }
}
