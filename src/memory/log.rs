//! The events, in the order of their commits.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::model::{CommandId, Key};
use crate::record::{Actor, Envelope, Event};

/// How many events lie in one piece. A piece never moves, so that no commit waits while all events are copied.
const PIECE: usize = 1024;

/// The events, in the order of their commits. Places count from 1, those that are forgotten too.
#[derive(Debug, Default)]
pub(super) struct Log {
    pieces: VecDeque<Vec<Logged>>,
    /// How many events lay in the pieces that are forgotten.
    forgotten: usize,
}

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
        let full = self.pieces.len().saturating_sub(1) * PIECE;
        self.forgotten + full + self.pieces.back().map_or(0, Vec::len)
    }

    /// The event at a place, unless it is forgotten.
    pub(super) fn get(&self, place: usize) -> Option<&Logged> {
        let at = place.checked_sub(self.forgotten + 1)?;
        self.pieces.get(at / PIECE)?.get(at % PIECE)
    }

    /// The place behind which events are looked for: where some are forgotten, those are passed over.
    pub(super) fn from(&self, place: usize) -> usize {
        place.clamp(self.forgotten, self.len())
    }

    /// The events behind a place.
    pub(super) fn after(&self, place: usize) -> impl Iterator<Item = &Logged> {
        let at = self.from(place) - self.forgotten;
        self.pieces.iter().skip(at / PIECE).flatten().skip(at % PIECE)
    }

    /// Takes out the pieces that are full and lie before a place or at it.
    pub(super) fn forget(&mut self, place: usize) -> Vec<Vec<Logged>> {
        let full = (place.min(self.len()).saturating_sub(self.forgotten)) / PIECE;
        let forgotten: Vec<_> = self.pieces.drain(..full).collect();
        self.forgotten += full * PIECE;
        forgotten
    }

    pub(super) fn push(&mut self, envelope: Envelope, before: usize) {
        let Envelope { stream, sequence, command, ordinal, actor, at, directory, schema, event } = envelope;
        let occasion = self.occasion(Occasion { command, actor, at, directory, schema });
        let logged = Logged { occasion, stream, sequence, ordinal, event, before };
        match self.pieces.back_mut() {
            Some(last) if last.len() < PIECE => last.push(logged),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(logged);
                self.pieces.push_back(piece);
            }
        }
    }

    fn occasion(&self, occasion: Occasion) -> Arc<Occasion> {
        match self.pieces.back().and_then(|last| last.last()) {
            Some(newest) if *newest.occasion == occasion => Arc::clone(&newest.occasion),
            _ => Arc::new(occasion),
        }
    }
}
