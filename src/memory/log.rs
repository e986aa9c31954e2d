//! The events, in the order of their commits.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::model::{CommandId, Key};
use crate::record::{Actor, Envelope, Event};

/// How many events lie in one piece. A piece never moves, so that no commit waits while all events are copied.
const PIECE: usize = 1024;

/// The events, in the order of their commits. Places count from 1.
#[derive(Debug, Default)]
pub(super) struct Log(Vec<Vec<Logged>>);

/// An event, and the place of the one before it in its stream; 0 where it is the first.
#[derive(Debug)]
pub(super) struct Logged {
    occasion: Arc<Occasion>,
    stream: Key,
    pub(super) sequence: u64,
    ordinal: u16,
    event: Event,
    pub(super) before: usize,
}

/// What the events of one command have in common, kept once for all of them.
#[derive(Debug, PartialEq, Eq)]
struct Occasion {
    command: CommandId,
    actor: Actor,
    at: DateTime<Utc>,
    directory: u64,
    schema: u16,
}

impl Logged {
    pub(super) fn envelope(&self) -> Envelope {
        let Occasion { command, ref actor, at, directory, schema } = *self.occasion;
        let Self { stream, sequence, ordinal, ref event, .. } = *self;
        Envelope {
            stream,
            sequence,
            command,
            ordinal,
            actor: actor.clone(),
            at,
            directory,
            schema,
            event: event.clone(),
        }
    }
}

impl Log {
    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PIECE + last.len())
    }

    /// The event at a place.
    pub(super) fn get(&self, place: usize) -> Option<&Logged> {
        let at = place.checked_sub(1)?;
        self.0.get(at / PIECE)?.get(at % PIECE)
    }

    /// The events behind a place.
    pub(super) fn after(&self, place: usize) -> impl Iterator<Item = &Logged> {
        self.0.iter().skip(place / PIECE).flatten().skip(place % PIECE)
    }

    pub(super) fn push(&mut self, envelope: Envelope, before: usize) {
        let Envelope { stream, sequence, command, ordinal, actor, at, directory, schema, event } = envelope;
        let occasion = self.occasion(Occasion { command, actor, at, directory, schema });
        let logged = Logged { occasion, stream, sequence, ordinal, event, before };
        match self.0.last_mut() {
            Some(last) if last.len() < PIECE => last.push(logged),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(logged);
                self.0.push(piece);
            }
        }
    }

    fn occasion(&self, occasion: Occasion) -> Arc<Occasion> {
        match self.0.last().and_then(|last| last.last()) {
            Some(newest) if *newest.occasion == occasion => Arc::clone(&newest.occasion),
            _ => Arc::new(occasion),
        }
    }
}
