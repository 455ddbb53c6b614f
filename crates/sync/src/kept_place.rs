//! A checkpoint as it stands in the database. What a provider gave to find the next page by is the provider's own: a
//! token or an address may carry values of records, or a right to read them. So it is sealed like a record.

use crosswalk_vault::{AccountKeys, SealContext};
use crosswalk_workspace::{AccountId, Error};
use serde_json::{Value, json};

use crate::checkpoint::Checkpoint;

/// Where in a written checkpoint the place of the next page stands.
const POSITION: &str = "/stage/next/position";
const SEALED: &str = "sealed";

/// Whose checkpoints these are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptPlace<'a> {
    pub(crate) keys: &'a AccountKeys,
    pub(crate) account: AccountId,
    pub(crate) resource: &'a str,
}

impl KeptPlace<'_> {
    fn context(&self) -> SealContext<'_> {
        SealContext {
            account: self.account.uuid(),
            table: "run",
            row: self.resource.as_bytes(),
        }
    }

    /// The checkpoint as it is stored.
    ///
    /// # Errors
    /// When sealing fails.
    pub(crate) fn write(&self, checkpoint: &Checkpoint) -> Result<Value, Error> {
        // Maps with text keys, numbers and texts: nothing in it can fail to be written.
        let mut written = serde_json::to_value(checkpoint).map_err(|_| Error::Abandoned)?;
        if let Some(position) = written.pointer_mut(POSITION)
            && names_a_text(position)
        {
            let sealed = self
                .keys
                .seal(&self.context(), position.to_string().as_bytes())?;
            *position = json!({ SEALED: hex(&sealed) });
        }
        Ok(written)
    }

    /// A stored checkpoint. One of another version, or that does not open, is none: the run begins anew.
    pub(crate) fn read(&self, stored: &Value) -> Option<Checkpoint> {
        let mut stored = stored.clone();
        if let Some(position) = stored.pointer_mut(POSITION)
            && let Some(sealed) = position.get(SEALED)
        {
            let sealed = unhex(sealed.as_str()?)?;
            let opened = self.keys.open(&self.context(), &sealed).ok()?;
            *position = serde_json::from_slice(&opened).ok()?;
        }
        Checkpoint::read(&stored)
    }
}

/// In hexadecimal, which the workspace reads inside the checkpoint, to seal it anew when the account's key is another one.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Numbers of records and pages say nothing; texts are the provider's.
fn names_a_text(position: &Value) -> bool {
    position
        .as_object()
        .is_some_and(|kinds| kinds.values().any(Value::is_string))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crosswalk_client::{Cursor, Position};

    use super::*;
    use crate::checkpoint::Stage;

    fn at(position: Position) -> Checkpoint {
        Checkpoint::new(Stage::Pages {
            sampled: true,
            next: Some(Cursor::at(position)),
            done: false,
            overlap: None,
        })
    }

    #[test]
    fn what_a_provider_gave_is_sealed_and_opens_only_where_it_belongs() {
        let keys = AccountKeys::generate().unwrap();
        let (account, other) = (AccountId::new(), AccountId::new());
        let place = KeptPlace {
            keys: &keys,
            account,
            resource: "invoices",
        };
        let text = || Some("https://host/list?page=CANARY".to_owned());
        for (position, sealed) in [
            (Position::Token(text()), true),
            (Position::Url(text()), true),
            (Position::Key(text()), true),
            (Position::Token(None), false),
            (Position::Offset(150), false),
            (Position::Number(3), false),
            (Position::Whole, false),
        ] {
            let checkpoint = at(position);
            let written = place.write(&checkpoint).unwrap();
            assert!(!written.to_string().contains("CANARY"), "{written}");
            assert_eq!(written.to_string().contains(SEALED), sealed, "{written}");
            assert_eq!(place.read(&written), Some(checkpoint));
            let elsewhere = [
                KeptPlace {
                    account: other,
                    ..place
                },
                KeptPlace {
                    resource: "suppliers",
                    ..place
                },
                KeptPlace {
                    keys: &AccountKeys::generate().unwrap(),
                    ..place
                },
            ];
            for place in elsewhere {
                assert_eq!(place.read(&written).is_none(), sealed, "{written}");
            }
        }
    }

    #[test]
    fn a_place_that_does_not_open_is_none() {
        let keys = AccountKeys::generate().unwrap();
        let place = KeptPlace {
            keys: &keys,
            account: AccountId::new(),
            resource: "invoices",
        };
        let mut written = place.write(&at(Position::Offset(0))).unwrap();
        for sealed in [
            json!("no hexadecimal"),
            json!("00ff00"),
            json!("00f"),
            json!(""),
            json!(7),
            Value::Null,
        ] {
            *written.pointer_mut(POSITION).unwrap() = json!({ SEALED: sealed });
            assert_eq!(place.read(&written), None, "{written}");
        }
    }
}
