//! What is measured: each command's latencies and refusals, each hour's work, and what a wallboard shows minute by minute.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use outbound::refusal::Code;

use crate::histogram::Histogram;

/// The machine's stop watch. The day itself knows only its own clock.
#[expect(clippy::disallowed_methods, reason = "what is measured is the machine's time")]
pub(crate) fn watch() -> Instant {
    Instant::now()
}

/// One kind of work.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) latency: Histogram,
    /// How often it was refused, by the first reason.
    pub(crate) refused: Vec<(Code, u64)>,
}

impl Kind {
    fn new(name: &'static str) -> Self {
        Self { name, latency: Histogram::default(), refused: Vec::new() }
    }

    /// Whether it is a command; questions and readings stand in parentheses.
    pub(crate) fn is_command(&self) -> bool {
        !self.name.starts_with('(')
    }

    pub(crate) fn refusals(&self) -> u64 {
        self.refused.iter().map(|(_, times)| times).sum()
    }
}

/// What happened within an hour of the day.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hour {
    pub(crate) arrivals: u64,
    pub(crate) opened: u64,
    pub(crate) started: u64,
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) commands: u64,
    pub(crate) refused: u64,
    /// How long the library worked for it.
    pub(crate) at_work: Duration,
    /// How long the hour took, the simulation included, and for how much of that there was a processor for it.
    pub(crate) wall: Duration,
    pub(crate) on_processor: Duration,
}

impl Hour {
    /// For how long one core would have been busy with the library's part alone, in seconds: what else ran on the machine is taken
    /// out in proportion.
    pub(crate) fn core_seconds(&self) -> f64 {
        self.at_work.as_secs_f64() * self.on_processor.as_secs_f64() / self.wall.as_secs_f64().max(1e-9)
    }

    /// How many commands it is for each of these seconds; not told of hours so short that the system's own clock is too coarse.
    pub(crate) fn a_second_of_a_core(&self) -> Option<f64> {
        let is_long_enough = self.on_processor > Duration::from_millis(50);
        is_long_enough.then(|| self.commands as f64 / self.core_seconds().max(1e-9))
    }
}

/// What a wallboard shows at one moment.
#[derive(Clone, Copy, Default)]
pub(crate) struct Board {
    pub(crate) minute: i64,
    /// Slots for texts and mails that agents hold.
    pub(crate) slots: i64,
    /// Slots for texts and mails of agents who are signed in.
    pub(crate) signed_in: i64,
    /// Those of agents who are Available.
    pub(crate) available: i64,
    pub(crate) waiting: i64,
    pub(crate) open: i64,
    /// Messages that were sent and that no provider has taken yet.
    pub(crate) backlog: i64,
}

#[derive(Default)]
pub(crate) struct Measure {
    pub(crate) kinds: BTreeMap<&'static str, Kind>,
    /// The hours that are over, and the one that it is.
    pub(crate) hours: Vec<Hour>,
    pub(crate) hour: Hour,
    pub(crate) boards: Vec<Board>,
}

impl Measure {
    pub(crate) fn end_hour(&mut self, wall: Duration, on_processor: Duration) -> Hour {
        let ended = Hour { wall, on_processor, ..std::mem::take(&mut self.hour) };
        self.hours.push(ended);
        ended
    }

    pub(crate) fn add(&mut self, name: &'static str, took: Duration, refused: Option<&Code>) {
        let kind = self.kinds.entry(name).or_insert_with(|| Kind::new(name));
        kind.latency.add(took);
        if let Some(code) = refused {
            match kind.refused.iter_mut().find(|(known, _)| known == code) {
                Some((_, times)) => *times += 1,
                None => kind.refused.push((code.clone(), 1)),
            }
        }
        let is_command = kind.is_command();
        let hour = &mut self.hour;
        hour.at_work += took;
        if is_command {
            hour.commands += 1;
            hour.refused += u64::from(refused.is_some());
        }
    }

    /// All hours together.
    pub(crate) fn whole(&self) -> Hour {
        self.hours.iter().fold(Hour::default(), |sum, hour| Hour {
            arrivals: sum.arrivals + hour.arrivals,
            opened: sum.opened + hour.opened,
            started: sum.started + hour.started,
            received: sum.received + hour.received,
            sent: sum.sent + hour.sent,
            commands: sum.commands + hour.commands,
            refused: sum.refused + hour.refused,
            at_work: sum.at_work + hour.at_work,
            wall: sum.wall + hour.wall,
            on_processor: sum.on_processor + hour.on_processor,
        })
    }

    pub(crate) fn commands(&self) -> u64 {
        self.kinds.values().filter(|kind| kind.is_command()).map(|kind| kind.latency.count()).sum()
    }

    /// How long the library worked, in seconds.
    pub(crate) fn at_work(&self) -> f64 {
        self.kinds.values().map(|kind| kind.latency.seconds()).sum()
    }
}
