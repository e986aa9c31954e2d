//! Changes made by hand, as small as a check needs them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::engine::{Changes, Guard, IndexChange, Loaded, Reads, Write};
use crate::model::{
    AgentId, ChosenState, CommandId, ConversationId, IdError, Key, Kind, Presence, PresenceEvent, State,
};
use crate::port::{ErasedStore, Store};
use crate::record::{
    Actor, Entry, Envelope, Event, Index, Query, Record, SCHEMA_VERSION, SubjectUse, Version, Versioned,
};
use crate::testing::conformance::finding::Finding;

/// When every check begins: 2 March 2026, 9:00.
pub(super) const fn beginning() -> DateTime<Utc> {
    match DateTime::from_timestamp(1_772_442_000, 0) {
        Some(at) => at,
        None => DateTime::UNIX_EPOCH,
    }
}

/// So many seconds later.
pub(super) fn second(number: i64) -> DateTime<Utc> {
    beginning().checked_add_signed(TimeDelta::seconds(number)).unwrap_or(beginning())
}

/// The n-th command.
pub(super) fn command(number: u64) -> CommandId {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    CommandId::new(beginning(), [0, 0, a, b, c, d, e, f, g, h])
}

/// The n-th small record's key. Neighbours in number are neighbours in order.
pub(super) fn key(number: u64) -> Key {
    Key::from_bytes(Kind::Subject, u128::from(number).to_be_bytes())
}

/// A small record under the n-th key that holds a number.
pub(super) fn small(number: u64, holds: u64) -> Record {
    let conversation = ConversationId::from(uuid::Uuid::from_u128(u128::from(holds)));
    Record::Subject(Arc::new(SubjectUse { key: key(number), conversation }))
}

/// The number that a small record holds.
pub(super) fn held(record: &Record) -> Option<u64> {
    match record {
        Record::Subject(subject) => u64::try_from(subject.conversation.as_uuid().as_u128()).ok(),
        _ => None,
    }
}

/// An entry of a transcript: the index whose scope and place can be anything.
pub(super) fn listed(scope: ConversationId, order: i64, key: Key) -> Entry {
    Entry { index: Index::Transcript, scope: scope.as_uuid().into_bytes(), order, key }
}

/// The n-th agent.
pub(super) fn agent(number: u64) -> Result<AgentId, IdError> {
    AgentId::parse(&format!("agent-{number}"))
}

/// An agent's presence after so many events, from 1.
fn presence(agent: &AgentId, events: u64) -> Option<Presence> {
    let mut presence = Presence::begin(&presence_event(agent, 1), beginning())?;
    for sequence in 2..=events {
        presence.apply(&presence_event(agent, sequence), beginning());
    }
    Some(presence)
}

fn presence_event(agent: &AgentId, sequence: u64) -> PresenceEvent {
    let state = if sequence.is_multiple_of(2) { State::Rona } else { ChosenState::Available.into() };
    if sequence == 1 {
        let team = crate::model::TeamId::parse("team");
        if let Ok(team) = team {
            return PresenceEvent::SignedIn { agent: agent.clone(), team, state };
        }
    }
    PresenceEvent::StateSet { class: None, state }
}

/// Changes in the making.
#[derive(Debug, Clone)]
pub(super) struct Make(Changes);

impl Make {
    /// Nothing yet, by the n-th command.
    pub(super) fn by(number: u64) -> Self {
        let (guards, writes, index, events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self(Changes { command: command(number), guards, writes, index, events })
    }

    /// Rests on a record that it does not write.
    pub(super) fn rests_on(mut self, key: Key, version: u64) -> Self {
        self.0.guards.push(Guard { key, version: Some(Version(version)) });
        self
    }

    /// Creates a small record.
    pub(super) fn creates(self, number: u64, holds: u64) -> Self {
        self.writes(small(number, holds), 0, 1)
    }

    /// Replaces a small record that has a version.
    pub(super) fn replaces(self, number: u64, version: u64, holds: u64) -> Self {
        self.writes(small(number, holds), version, version.saturating_add(1))
    }

    /// Writes a record over a version, 0 where it was absent.
    pub(super) fn writes(mut self, record: Record, over: u64, version: u64) -> Self {
        let key = record.key();
        self.0.guards.push(Guard { key, version: (over > 0).then_some(Version(over)) });
        self.0.writes.push(Write { key, versioned: Versioned { version: Version(version), record } });
        self
    }

    /// So many events happen to an agent's presence that has had others before.
    pub(super) fn happens(mut self, agent: &AgentId, before: u64, count: u64) -> Self {
        let stream = Key::presence(agent);
        for sequence in (1..=count).map(|nth| before.saturating_add(nth)) {
            let ordinal = u16::try_from(self.0.events.len()).unwrap_or(u16::MAX);
            self.0.events.push(Envelope {
                stream,
                sequence,
                command: self.0.command,
                ordinal,
                actor: Actor::Host,
                at: beginning(),
                directory: 1,
                schema: SCHEMA_VERSION,
                event: Event::Presence(presence_event(agent, sequence)),
            });
        }
        let version = before.saturating_add(count);
        match presence(agent, version) {
            Some(presence) => self.writes(Record::Presence(Arc::new(presence)), before, version),
            None => self,
        }
    }

    /// An entry comes.
    pub(super) fn adds(mut self, entry: Entry) -> Self {
        self.0.index.push(IndexChange::Add(entry));
        self
    }

    /// An entry goes.
    pub(super) fn removes(mut self, entry: Entry) -> Self {
        self.0.index.push(IndexChange::Remove(entry));
        self
    }

    /// The changes, in the order that stores are promised.
    pub(super) fn changes(mut self) -> Changes {
        self.0.guards.sort_unstable_by_key(|guard| guard.key);
        self.0.writes.sort_unstable_by_key(|write| write.key);
        self.0
    }
}

/// Loads records by key alone.
pub(super) fn load(store: &ErasedStore, keys: impl IntoIterator<Item = Key>) -> Result<Loaded, Finding> {
    Ok(store.load(&Reads { keys: keys.into_iter().collect(), queries: Vec::new() })?)
}

/// The answer for a key.
pub(super) fn answer(loaded: &Loaded, key: Key) -> Result<Option<&Versioned>, Finding> {
    let mut answers = loaded.records.iter().filter(|(of, _)| *of == key);
    let (_, first) = answers.next().ok_or_else(|| Finding::new(format!("{key} was asked for and not answered")))?;
    if answers.any(|(_, other)| other != first) {
        return Err(Finding::new(format!("{key} has two answers")));
    }
    Ok(first.as_ref())
}

/// One record as it is now.
pub(super) fn now(store: &ErasedStore, key: Key) -> Result<Option<Versioned>, Finding> {
    answer(&load(store, [key])?, key).map(Option::<&Versioned>::cloned)
}

/// A small record's version and number as they are now.
pub(super) fn small_now(store: &ErasedStore, number: u64) -> Result<Option<(u64, u64)>, Finding> {
    let found = now(store, key(number))?;
    Ok(found.and_then(|versioned| Some((versioned.version.0, held(&versioned.record)?))))
}

/// The entries that a query finds.
pub(super) fn find(store: &ErasedStore, query: &Query) -> Result<Vec<Entry>, Finding> {
    let loaded = store.load(&Reads { keys: Vec::new(), queries: vec![query.clone()] })?;
    found(&loaded, query)
}

/// The answer to a query.
pub(super) fn found(loaded: &Loaded, query: &Query) -> Result<Vec<Entry>, Finding> {
    let answer = loaded.found.iter().find(|(of, _)| of == query);
    let missing = || Finding::new("a query was asked and not answered");
    Ok(answer.ok_or_else(missing)?.1.clone())
}
