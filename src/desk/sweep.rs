//! What both sweeps over what falls due share.

use std::error::Error;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Ended, why};
use crate::command::FireDue;
use crate::model::{CommandId, Key};
use crate::port::Failure;
use crate::record::{Cursor, Entry, Fired, Firing, Query};

/// What a sweep over what is due came to.
///
/// ```
/// use outbound::desk::{Desk, Ended};
/// use outbound::port::{Clock, Failure, Store};
/// use outbound::record::Firing;
///
/// /// What a host does every second.
/// fn sweep<S: Store>(
///     desk: &Desk<S, impl Clock>,
///     mut tell: impl FnMut(Firing),
///     mut log: impl FnMut(String),
/// ) -> Result<(), Failure<S::Error>> {
///     loop {
///         let swept = desk.fire_due(1_000)?;
///         swept.fired.into_iter().for_each(|it| tell(it.what));
///         swept.stuck.into_iter().for_each(|it| log(format!("`{}` is stuck: {}", it.at, it.why)));
///         if swept.ended != Ended::AtLimit {
///             return Ok(());
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Swept {
    /// What was fired, in the order of the deadlines. What somebody else was faster with is not among it.
    pub fired: Vec<SweptRecord>,
    /// Records that are due and could not be fired: they contradict others, or others were always faster. The next sweep
    /// tries them again; [`orphans`](crate::query::orphans) tells more.
    pub stuck: Vec<StuckRecord>,
    /// How it ended.
    #[serde(default)]
    pub ended: Ended,
}

/// One thing that fell due and was fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweptRecord {
    /// The record that it fell due at.
    pub at: Key,
    /// When the first deadline of that record was over.
    pub due: DateTime<Utc>,
    /// What it was.
    pub what: Firing,
}

/// A record at which something is due that could not be fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckRecord {
    /// The record.
    pub at: Key,
    /// When its first deadline was over.
    pub due: DateTime<Utc>,
    /// Why, in words for a log.
    pub why: String,
}

/// How many records a sweep asks for at a time.
const PAGE: usize = 256;

/// A sweep at work.
pub(super) struct Sweeping {
    now: DateTime<Utc>,
    limit: usize,
    /// At how many records it has done with, which those that are stuck are not.
    done: usize,
    /// Behind what it goes on.
    behind: Option<Cursor>,
    /// Whether there may be more.
    more: bool,
    swept: Swept,
}

impl Sweeping {
    pub(super) fn new(now: DateTime<Utc>, limit: usize) -> Self {
        Self { now, limit, done: 0, behind: None, more: true, swept: Swept::default() }
    }

    /// What to look at next, while there may be more and the limit allows it.
    pub(super) fn next_page(&self) -> Option<Query> {
        let left = self.limit - self.done;
        let page = (left > 0 && self.more).then(|| Query::due(self.now, left.min(PAGE)))?;
        Some(match self.behind {
            Some(cursor) => page.after(cursor),
            None => page,
        })
    }

    /// The command that fires what an entry says is due. Its id is this sweep's: where clocks differ, or one is put back, a record
    /// may fall due at the same time twice. What was fired is due no more, so that firing it twice is once.
    pub(super) fn firing(&self, entry: &Entry) -> (CommandId, FireDue) {
        (CommandId::of_timer(entry.key.digest(), entry.time(), self.now), FireDue { at: entry.key })
    }

    /// Goes on behind a page; an empty one is the last.
    pub(super) fn found(&mut self, page: &[Entry]) {
        match page.last() {
            Some(last) => self.behind = Some(last.cursor()),
            None => self.more = false,
        }
    }

    pub(super) fn note(&mut self, entry: &Entry, fired: Fired) {
        self.done += 1;
        let (at, due) = (entry.key, entry.time());
        self.swept.fired.extend(fired.what.into_iter().map(|what| SweptRecord { at, due, what }));
    }

    pub(super) fn note_stuck<E: Error + 'static>(&mut self, entry: &Entry, failure: &Failure<E>) {
        self.swept.stuck.push(StuckRecord { at: entry.key, due: entry.time(), why: why(failure) });
    }

    pub(super) fn end(self) -> Swept {
        Swept { ended: Ended::within(self.limit, self.done), ..self.swept }
    }

    /// What was done until the store failed; the failure alone, where that is nothing.
    pub(super) fn until<E: Error + 'static>(self, failure: Failure<E>) -> Result<Swept, Failure<E>> {
        let anything = !self.swept.fired.is_empty() || !self.swept.stuck.is_empty();
        Ok(Swept { ended: Ended::early(anything, failure)?, ..self.swept })
    }
}
