//! The day: everybody and everything in it, and what happens next.

use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use outbound::directory::Directory;
use outbound::model::{AgentId, Channel, ConversationId, Key, MessageId, QueueId};

use crate::agenda::{Agenda, Does, What};
use crate::centre::Centre;
use crate::chance::Chance;
use crate::checks::{self, Checked};
use crate::measure::{Board, watch};
use crate::organization::{self, Size, Unit, shift_of};
use crate::process::on_processor;
use crate::provider::Provider;
use crate::tables;

pub(crate) struct Day {
    pub(crate) size: Size,
    pub(crate) midnight: DateTime<Utc>,
    pub(crate) centre: Centre,
    pub(crate) agenda: Agenda,
    pub(crate) units: Vec<Unit>,
    pub(crate) agents: Vec<Agent>,
    /// An agent's events tell of their presence, not of their name.
    pub(crate) by_presence: BTreeMap<Key, usize>,
    pub(crate) queues: Vec<Queue>,
    /// What the screens show of conversations that are open.
    pub(crate) talks: BTreeMap<ConversationId, Talk>,
    pub(crate) provider: Provider,
    /// What the wallboard shows.
    pub(crate) board: Board,
    pub(crate) events: u64,
    /// A digest of all events: the same seed, the same day.
    pub(crate) fingerprint: u64,
    /// How many messages customers handed in, each counted once.
    pub(crate) handed_in: u64,
    /// The last number that was given to a call, a message or a subject.
    pub(crate) numbers: u64,
    pub(crate) checked: Vec<Checked>,
    /// Every how many hours the invariants are checked over the whole store.
    pub(crate) check_every: usize,
    hour_begun: Begun,
}

/// When something began, by the machine's time and by this thread's.
#[derive(Clone, Copy)]
struct Begun {
    at: Instant,
    on_processor: Option<Duration>,
}

impl Begun {
    fn now() -> Self {
        Self { at: watch(), on_processor: on_processor() }
    }

    /// How long it took, and for how much of that there was a processor for it: for all, where the system does not tell.
    fn took(&self) -> (Duration, Duration) {
        let wall = self.at.elapsed();
        let on_processor = self.on_processor.zip(on_processor()).map(|(before, after)| after.saturating_sub(before));
        (wall, on_processor.unwrap_or(wall).min(wall))
    }
}

/// A person at a desk.
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) unit: usize,
    pub(crate) is_signed_in: bool,
    pub(crate) is_available: bool,
    pub(crate) is_leaving: bool,
    /// Until when there is a break.
    pub(crate) on_break_until: Option<DateTime<Utc>>,
    /// Whether the router has the agent on its list.
    pub(crate) is_listed: bool,
}

/// A queue as the host's router sees it.
pub(crate) struct Queue {
    pub(crate) id: QueueId,
    pub(crate) channel: Channel,
    pub(crate) waiting: i64,
    /// Who could be asked: those first who have been free the longest.
    pub(crate) ready: VecDeque<usize>,
    pub(crate) is_planned: bool,
}

/// What a screen shows of a conversation, and what its agent means to do.
pub(crate) struct Talk {
    pub(crate) channel: Channel,
    pub(crate) is_outbound: bool,
    pub(crate) holder: Option<usize>,
    pub(crate) is_frozen: bool,
    /// The queue that it waits in.
    pub(crate) waits: Option<usize>,
    /// The customer's newest message, and the newest that the agent has read.
    pub(crate) newest: Option<MessageId>,
    pub(crate) read: Option<MessageId>,
    /// How much there is left to say.
    pub(crate) turns: usize,
    pub(crate) sent: u32,
    /// The number of the agent's newest plan; older ones are dropped.
    pub(crate) plan: u32,
}

impl Day {
    pub(crate) fn new(
        size: Size,
        seed: u64,
        midnight: DateTime<Utc>,
        check_every: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let directory = Directory::new(organization::setup(size)?)?;
        let ids = size.agent_ids()?;
        let by_presence = ids.iter().enumerate().map(|(number, id)| (Key::presence(id), number)).collect();
        let agents = ids.into_iter().enumerate().map(|(number, id)| Agent::new(number, id, size)).collect();
        let units = size.all_units()?;
        let queue = |id: &QueueId, channel| Queue {
            id: id.clone(),
            channel,
            waiting: 0,
            ready: VecDeque::new(),
            is_planned: false,
        };
        let queues =
            units.iter().flat_map(|unit| [queue(&unit.texts, Channel::Sms), queue(&unit.mails, Channel::Email)]);
        let outage = midnight + TimeDelta::hours(14)..midnight + TimeDelta::hours(15);
        let mut day = Self {
            queues: queues.collect(),
            size,
            midnight,
            centre: Centre::new(directory, midnight, Chance::new(seed))?,
            agenda: Agenda::default(),
            units,
            agents,
            by_presence,
            talks: BTreeMap::new(),
            provider: Provider::with_outage(outage),
            board: Board::default(),
            events: 0,
            fingerprint: seed,
            handed_in: 0,
            numbers: 0,
            checked: Vec::new(),
            check_every,
            hour_begun: Begun::now(),
        };
        day.plan_the_day();
        Ok(day)
    }

    fn plan_the_day(&mut self) {
        for agent in 0..self.agents.len() {
            self.agenda.plan(shift_of(agent, self.midnight).0, What::Agent(agent, Does::SignIn));
        }
        self.plan_in(TimeDelta::seconds(1), What::Arrival);
        self.plan_in(TimeDelta::seconds(1), What::Second);
        self.plan_in(TimeDelta::minutes(1), What::Minute);
        self.plan_in(TimeDelta::hours(1), What::Hour);
    }

    /// Lives through the day, up to the midnight after.
    pub(crate) fn live(&mut self) {
        self.hour_begun = Begun::now();
        let end = self.midnight + TimeDelta::days(1);
        while let Some((at, what)) = self.agenda.next().filter(|(at, _)| *at <= end) {
            self.centre.set_time(at);
            self.act(what);
            self.follow();
        }
    }

    fn act(&mut self, what: What) {
        match what {
            What::Second => {
                self.fire();
                self.pump();
                self.plan_in(TimeDelta::seconds(1), What::Second);
            }
            What::Minute => {
                self.look_at_the_board();
                self.plan_in(TimeDelta::minutes(1), What::Minute);
            }
            What::Hour => {
                self.end_hour();
                self.plan_in(TimeDelta::hours(1), What::Hour);
            }
            What::Arrival => self.somebody_writes_first(),
            What::Letter(letter) => self.letter_arrives(&letter),
            What::Receipt(receipt) => self.receipt_arrives(*receipt),
            What::Route(queue) => self.route(queue),
            What::Agent(agent, does) => self.agent_does(agent, does),
            What::GoOn { agent, conversation, plan, next } => self.go_on(agent, conversation, plan, next),
            What::Answer { agent, conversation, offer, take } => self.answer(agent, conversation, offer, take),
            What::TakeBack { agent, conversation } => self.take_back(agent, conversation),
            What::HandOver { agent, conversation, request, give } => self.hand_over(agent, conversation, request, give),
            What::WrapUp { agent, conversation, later } => self.wrap_up(agent, conversation, later),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.centre.now()
    }

    pub(crate) fn plan_in(&mut self, time: TimeDelta, what: What) {
        self.agenda.plan(self.now() + time, what);
    }

    fn look_at_the_board(&mut self) {
        self.board.minute = (self.now() - self.midnight).num_minutes();
        self.board.open = i64::try_from(self.talks.len()).unwrap_or(0);
        self.centre.measure.boards.push(self.board);
    }

    /// Forgets receipts, as a host's nightly job would, checks what must always hold, and tells how it goes.
    fn end_hour(&mut self) {
        let (wall, on_processor) = self.hour_begun.took();
        let hour = self.centre.measure.end_hour(wall, on_processor);
        self.centre.desk.store().forget_receipts(self.now() - TimeDelta::hours(1));
        let hours = self.centre.measure.hours.len();
        if hours < 24 && hours.is_multiple_of(self.check_every) {
            self.checked.push(checks::of_the_records(self));
        }
        tables::progress(self, &hour);
        self.hour_begun = Begun::now();
    }
}

impl Agent {
    fn new(number: usize, id: AgentId, size: Size) -> Self {
        Self {
            id,
            unit: size.unit_of(number),
            is_signed_in: false,
            is_available: false,
            is_leaving: false,
            on_break_until: None,
            is_listed: false,
        }
    }
}
