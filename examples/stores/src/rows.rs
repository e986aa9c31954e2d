//! How keys, records and events are written down: the same in both stores.

use outbound::model::{Key, Kind, TaskState};
use outbound::record::{Actor, Cursor, Envelope, Record, Version, Versioned};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a row cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// What is written down as JSON is not what it should be.
    #[error("a body cannot be written or read")]
    Json(#[from] serde_json::Error),
    /// A kind of record that this build of the store has no number for.
    #[error("records of the kind `{}` cannot be kept yet", .0.as_str())]
    Kind(Kind),
    /// A key that this build did not write.
    #[error("a key of {0} bytes, beginning with {1:?}, cannot be read")]
    Key(usize, Option<u8>),
}

/// The numbers that kinds have on disk, for ever, in the order of the kinds: a key's bytes order as keys do. The gaps are
/// for kinds that come later between two others.
const KINDS: [(Kind, u8); 9] = [
    (Kind::Contact, 0x10),
    (Kind::Customer, 0x18),
    (Kind::Presence, 0x20),
    (Kind::Conversation, 0x30),
    (Kind::Message, 0x40),
    (Kind::Reference, 0x50),
    (Kind::Subject, 0x60),
    (Kind::Receipt, 0x70),
    (Kind::Refused, 0x80),
];

/// The bytes of a key: its kind's number, then its 128 bits.
pub(crate) fn key_bytes(key: Key) -> Result<Vec<u8>, RowError> {
    let mut bytes = Vec::with_capacity(17);
    bytes.push(number_of(key.kind())?);
    bytes.extend_from_slice(&key.bytes());
    Ok(bytes)
}

/// The bytes of keys, one behind the other.
pub(crate) fn keys_bytes(keys: &[Key]) -> Result<Vec<u8>, RowError> {
    Ok(keys.iter().map(|key| key_bytes(*key)).collect::<Result<Vec<_>, _>>()?.concat())
}

/// The key of some bytes.
pub(crate) fn key_of(bytes: &[u8]) -> Result<Key, RowError> {
    let foreign = || RowError::Key(bytes.len(), bytes.first().copied());
    let (number, id) = bytes.split_first().ok_or_else(foreign)?;
    let (kind, _) = KINDS.iter().find(|(_, known)| known == number).ok_or_else(foreign)?;
    Ok(Key::from_bytes(*kind, id.try_into().map_err(|_| foreign())?))
}

/// The bytes before all keys of a kind, and those behind them: all keys of the kind are greater than the first and smaller
/// than the second.
pub(crate) fn keys_of(kind: Kind) -> Result<(Vec<u8>, Vec<u8>), RowError> {
    let number = number_of(kind)?;
    Ok((vec![number], vec![number.saturating_add(1)]))
}

fn number_of(kind: Kind) -> Result<u8, RowError> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, number)| *number).ok_or(RowError::Kind(kind))
}

/// A cursor as a place and the bytes of a key; no cursor is before everything.
pub(crate) fn cursor_bytes(cursor: Option<Cursor>) -> Result<(i64, Vec<u8>), RowError> {
    cursor.map_or(Ok((i64::MIN, Vec::new())), |cursor| Ok((cursor.order, key_bytes(cursor.key)?)))
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String, RowError> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, RowError> {
    Ok(serde_json::from_str(json)?)
}

pub(crate) fn versioned(version: i64, body: &str) -> Result<Versioned, RowError> {
    Ok(Versioned { version: Version(version.cast_unsigned()), record: from_json::<Record>(body)? })
}

/// A version as a database keeps it: the same 64 bits, since versions are only compared for equality.
pub(crate) const fn version_number(version: Version) -> i64 {
    version.0.cast_signed()
}

/// A count or a position as a database takes it; what is beyond its numbers is beyond all that it holds.
pub(crate) fn number(of: impl TryInto<i64>) -> i64 {
    of.try_into().unwrap_or(i64::MAX)
}

/// The agent who caused an event, for the views.
pub(crate) fn agent_of(envelope: &Envelope) -> Option<&str> {
    match &envelope.actor {
        Actor::Agent(agent) => Some(agent.as_str()),
        _ => None,
    }
}

/// The records that whoever asks for this one will most likely ask for next: what it names. A store that brings them along
/// (`load.4`) saves a round trip; a list that is wrong or empty costs one.
pub(crate) fn leads_to(record: &Record) -> Vec<Key> {
    match record {
        Record::Contact(contact) => contact.threads().iter().filter_map(|it| it.open).map(Key::conversation).collect(),
        Record::Conversation(conversation) => {
            let state = conversation.state();
            let waits = match state {
                TaskState::Active { asked: Some(asked), .. } => Some(&asked.by),
                TaskState::Parked { by, .. } => Some(by),
                _ => None,
            };
            let concerned = [state.agent(), state.offer().map(|offer| &offer.to), waits];
            let presences = concerned.into_iter().flatten().map(Key::presence);
            let contact = Key::contact(conversation.address());
            let unsettled = conversation.unsettled().iter().take(2).map(|message| Key::message(*message));
            presences.chain([contact]).chain(unsettled).collect()
        }
        Record::Message(message) => {
            vec![Key::conversation(message.conversation()), Key::contact(&message.draft().address)]
        }
        Record::Reference(reference) => reference.message.map(Key::message).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_number_and_bytes_order_as_keys_do() {
        let kinds: Vec<Kind> = KINDS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, Kind::ALL);
        let ids = [[0; 16], [1; 16], [0xff; 16]];
        let keys: Vec<Key> = Kind::ALL.iter().flat_map(|kind| ids.map(|id| Key::from_bytes(*kind, id))).collect();
        let bytes: Vec<Vec<u8>> = keys.iter().map(|key| key_bytes(*key).unwrap()).collect();
        assert!(keys.is_sorted() && bytes.is_sorted());
        for (key, bytes) in keys.iter().zip(&bytes) {
            assert_eq!(key_of(bytes).unwrap(), *key);
            let (before, behind) = keys_of(key.kind()).unwrap();
            assert!(before < *bytes && *bytes < behind);
        }
    }

    #[test]
    fn foreign_bytes_are_no_key() {
        for bytes in [&[][..], &[0x30], &[0x31; 17], &[0x30; 16], &[0x30; 18]] {
            assert!(key_of(bytes).is_err(), "{bytes:?}");
        }
    }
}
