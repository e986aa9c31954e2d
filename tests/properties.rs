//! Random days in a contact centre: whatever is tried, in whatever order, the rules hold.
//!
//! A [`Move`] is one try; a [`Centre`] plays moves, each through `Floor::run_as`, which checks after every command that the
//! events make the records, that the entries are those of the records, that nothing is orphaned, and that a refusal writes
//! nothing. Each test adds one law. `PROPTEST_CASES` sets the number of days; what fails shrinks to a few moves.

#![expect(clippy::panic, clippy::expect_used, reason = "the helpers of tests fail as tests do")]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]
#![expect(clippy::disallowed_methods, reason = "the number of cases is set from outside")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, ConsentChange, Decline,
    EndInteraction, ExtendWrapUp, FireDue, InteractionHow, OnConflict, Park, ReceiptStatus, RecordAttempt,
    RecoverFromRona, Rehome, ReportDelivery, RetryMessage, RouteNext, Seen, SendMessage, SetConsent, SetState, SetZone,
    SignIn, SignOut, StartOutbound, Target, Transfer, TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::directory::{ConflictScope, ConsentScope, QuietMode, Setup};
use outbound::engine::{Command, Remember, Verdict};
use outbound::hours::ZoneId;
use outbound::model::{
    AgentId, Author, By, Cause, Channel, ChosenState, CommandId, ContactEvent, Conversation, ConversationEvent,
    ConversationId, Direction, Dispatch, EntryPointId, Key, Kind, MediaClass, MessageEvent, MessageId, OfferId,
    Problem, SendResult, State, Status, Step, Subject, TaskId, TaskState, ToldBy, Wording,
};
use outbound::model::{Holder, Occupant};
use outbound::port::{Failure, NoMedia};
use outbound::record::{Answered, Envelope, Event, Outcome, Record, World};
use outbound::refusal::{Code, Refusals};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::support::{Floor, command_id, id, inbound, start_of_time};

const AGENTS: [&str; 5] = ["ana", "bruno", "carla", "hugo", "iris"];
const NUMBERS: [&str; 3] = ["+351912345671", "+351912345672", "+5511987654321"];
const EMAILS: [&str; 3] = ["rita@example.com", "Rita@Example.com", "joao@example.org"];
const ENTRY_POINTS: [(&str, Channel); 3] =
    [("sms_care", Channel::Sms), ("sms_sales", Channel::Sms), ("mail_care", Channel::Email)];
const QUEUES: [&str; 3] = ["care_queue", "sales_queue", "fallback"];
const SUBJECTS: [&str; 3] = ["Your order", "Re: your  ORDER", "Something else"];

/// Who tries: the agent whose turn it is, or anybody.
#[derive(Debug, Clone, Copy)]
enum Who {
    Right,
    Any(u8),
}

#[derive(Debug, Clone, Copy)]
enum Provider {
    Takes,
    Busy,
    Refuses,
}

#[derive(Debug, Clone, Copy)]
enum SetUp {
    WithoutAgent(u8),
    Narrow,
    Blocked,
    WithoutSales,
    EntryPointOff,
    Reaching,
    AsAtFirst,
}

/// One try.
#[derive(Debug, Clone)]
enum Move {
    SignIn { agent: u8, team: u8, idle: bool },
    SignOut { agent: u8, requeue: bool },
    SetState { agent: u8, class: Option<u8>, idle: bool },
    Recover { agent: u8, idle: bool },
    Start { agent: u8, entry: u8, to: u8, conflict: u8 },
    StartAgain { agent: u8, at: u8, ask: bool },
    Receive { entry: u8, from: u8, provider: u8, subject: u8 },
    Send { who: Who, at: u8, subject: u8, seen: Option<bool>, hasty: bool },
    Close { who: Who, at: u8, host: bool },
    ToAgent { who: Who, at: u8, to: u8 },
    ToQueue { who: Who, at: u8, to: u8 },
    Cancel { who: Who, at: u8 },
    Accept { who: Who, at: u8 },
    Decline { who: Who, at: u8 },
    Answer { who: Who, at: u8, give: bool },
    Park { who: Who, at: u8, seconds: u16, queue: Option<u8> },
    Wake { at: u8 },
    WrapUp { agent: u8, at: u8, known: bool },
    Extend { agent: u8, at: u8 },
    Route { queue: u8, agent: Option<u8> },
    Begin { agent: u8, class: u8, number: u8, offered: bool },
    End { agent: u8, number: u8 },
    Workflow { who: Who, at: u8, manual: bool },
    Conference { who: Who, at: u8 },
    Rehome { at: u8 },
    FireOne { at: u8 },
    Pass { seconds: u16, fire: bool },
    PutBack { seconds: u8 },
    Pump { provider: Provider, limit: u8 },
    Claim { message: u8 },
    Attempted { message: u8, attempt: u8, provider: Provider },
    Report { message: u8, status: u8, cause: u8 },
    Word { entry: u8, from: u8, word: u8, provider: u8 },
    Told { entry: u8, to: u8, change: u8, about: bool },
    Zone { to: u8, west: bool },
    Retry { who: Who, message: u8 },
    SetUp(SetUp),
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![4 => Just(Who::Right), 1 => (0..5u8).prop_map(Who::Any)]
}

fn provider() -> impl Strategy<Value = Provider> {
    prop_oneof![4 => Just(Provider::Takes), 2 => Just(Provider::Busy), 1 => Just(Provider::Refuses)]
}

fn set_up() -> impl Strategy<Value = SetUp> {
    prop_oneof![
        (0..5u8).prop_map(SetUp::WithoutAgent),
        Just(SetUp::Narrow),
        Just(SetUp::Blocked),
        Just(SetUp::WithoutSales),
        Just(SetUp::EntryPointOff),
        Just(SetUp::Reaching),
        Just(SetUp::AsAtFirst),
    ]
}

fn of_agents() -> BoxedStrategy<Move> {
    let agent = || 0..5u8;
    prop_oneof![
        4 => (agent(), 0..2u8, prop::bool::weighted(0.1)).prop_map(|(agent, team, idle)| Move::SignIn { agent, team, idle }),
        1 => (agent(), any::<bool>()).prop_map(|(agent, requeue)| Move::SignOut { agent, requeue }),
        1 => (agent(), prop::option::of(0..4u8), prop::bool::weighted(0.3))
            .prop_map(|(agent, class, idle)| Move::SetState { agent, class, idle }),
        2 => (agent(), prop::bool::weighted(0.2)).prop_map(|(agent, idle)| Move::Recover { agent, idle }),
        2 => (agent(), 0..4u8, 0..3u8, any::<bool>())
            .prop_map(|(agent, class, number, offered)| Move::Begin { agent, class, number, offered }),
        3 => (agent(), 0..3u8).prop_map(|(agent, number)| Move::End { agent, number }),
        2 => (agent(), any::<u8>(), prop::bool::weighted(0.9))
            .prop_map(|(agent, at, known)| Move::WrapUp { agent, at, known }),
        1 => (agent(), any::<u8>()).prop_map(|(agent, at)| Move::Extend { agent, at }),
    ]
    .boxed()
}

fn of_tasks() -> BoxedStrategy<Move> {
    let at = || any::<u8>();
    prop_oneof![
        5 => (who(), at(), 0..3u8, prop::option::weighted(0.3, any::<bool>()), prop::bool::weighted(0.2))
            .prop_map(|(who, at, subject, seen, hasty)| Move::Send { who, at, subject, seen, hasty }),
        2 => (who(), at(), prop::bool::weighted(0.2)).prop_map(|(who, at, host)| Move::Close { who, at, host }),
        4 => (who(), at(), 0..5u8).prop_map(|(who, at, to)| Move::ToAgent { who, at, to }),
        2 => (who(), at(), 0..3u8).prop_map(|(who, at, to)| Move::ToQueue { who, at, to }),
        1 => (who(), at()).prop_map(|(who, at)| Move::Cancel { who, at }),
        3 => (who(), at()).prop_map(|(who, at)| Move::Accept { who, at }),
        1 => (who(), at()).prop_map(|(who, at)| Move::Decline { who, at }),
        3 => (who(), at(), any::<bool>()).prop_map(|(who, at, give)| Move::Answer { who, at, give }),
        1 => (who(), at(), 0..4000u16, prop::option::of(0..3u8))
            .prop_map(|(who, at, seconds, queue)| Move::Park { who, at, seconds, queue }),
        1 => at().prop_map(|at| Move::Wake { at }),
        1 => (who(), at(), any::<bool>()).prop_map(|(who, at, manual)| Move::Workflow { who, at, manual }),
        1 => (who(), at()).prop_map(|(who, at)| Move::Conference { who, at }),
        1 => at().prop_map(|at| Move::Rehome { at }),
    ]
    .boxed()
}

fn of_the_outside() -> BoxedStrategy<Move> {
    let message = || any::<u8>();
    prop_oneof![
        8 => (0..5u8, 0..3u8, 0..3u8, 0..3u8)
            .prop_map(|(agent, entry, to, conflict)| Move::Start { agent, entry, to, conflict }),
        4 => (0..5u8, any::<u8>(), any::<bool>()).prop_map(|(agent, at, ask)| Move::StartAgain { agent, at, ask }),
        4 => (0..3u8, 0..3u8, any::<u8>(), 0..4u8)
            .prop_map(|(entry, from, provider, subject)| Move::Receive { entry, from, provider, subject }),
        4 => (0..3u8, prop::option::of(0..5u8)).prop_map(|(queue, agent)| Move::Route { queue, agent }),
        6 => (provider(), 1..4u8).prop_map(|(provider, limit)| Move::Pump { provider, limit }),
        1 => message().prop_map(|message| Move::Claim { message }),
        1 => (message(), 1..4u8, provider())
            .prop_map(|(message, attempt, provider)| Move::Attempted { message, attempt, provider }),
        2 => (message(), 0..4u8, 0..9u8).prop_map(|(message, status, cause)| Move::Report { message, status, cause }),
        1 => (0..3u8, 0..3u8, 0..6u8, any::<u8>())
            .prop_map(|(entry, from, word, provider)| Move::Word { entry, from, word, provider }),
        2 => (0..3u8, 0..3u8, 0..9u8, any::<bool>())
            .prop_map(|(entry, to, change, about)| Move::Told { entry, to, change, about }),
        1 => (0..3u8, any::<bool>()).prop_map(|(to, west)| Move::Zone { to, west }),
        2 => (who(), message()).prop_map(|(who, message)| Move::Retry { who, message }),
        1 => any::<u8>().prop_map(|at| Move::FireOne { at }),
        4 => (prop_oneof![0..40u16, 0..4000u16], prop::bool::weighted(0.7))
            .prop_map(|(seconds, fire)| Move::Pass { seconds, fire }),
        1 => set_up().prop_map(Move::SetUp),
    ]
    .boxed()
}

/// A day: some agents come in first, then anything happens.
fn day() -> impl Strategy<Value = Vec<Move>> {
    let come_in = (0..5u8, 0..2u8).prop_map(|(agent, team)| Move::SignIn { agent, team, idle: false });
    let rest = prop_oneof![1 => of_agents(), 3 => of_tasks(), 3 => of_the_outside()];
    (prop::collection::vec(come_in, 4..12), prop::collection::vec(rest, 20..80)).prop_map(|(mut first, rest)| {
        first.extend(rest);
        first
    })
}

/// A day on which the clock is put back now and then.
fn day_with_an_odd_clock() -> impl Strategy<Value = Vec<Move>> {
    let put_back = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    (day(), put_back).prop_map(|(mut moves, put_back)| {
        for (at, seconds) in put_back {
            moves.insert(at.index(moves.len() + 1), Move::PutBack { seconds });
        }
        moves
    })
}

/// A contact centre that plays moves, and what it remembers for the laws.
struct Centre {
    floor: Floor,
    /// The answer to every command, or why there was none.
    answers: Vec<Result<Outcome, Refusals>>,
    /// How the provider answered, by idempotency key.
    provider: Mutex<BTreeMap<MessageId, Vec<Dispatch>>>,
    accepted: Mutex<BTreeMap<MessageId, usize>>,
    first: Setup,
    explains: bool,
    repeats: bool,
}

/// A moment between two moves.
struct Moment<'a> {
    centre: &'a Centre,
    before: &'a World,
    now: &'a World,
}

/// Opt-outs are confirmed and reach all of a customer's addresses, mail waits out every other minute, and nobody is written to too often.
fn reaching(setup: &mut Setup) {
    let goodbye = r#"{"id":"goodbye","name":"Goodbye","channel":"sms","version":1,"body":"No more from us."}"#;
    setup.templates.push(serde_json::from_str(goodbye).unwrap());
    let organization = &mut setup.organization;
    organization.consent.confirmation = Some(id("goodbye"));
    organization.consent.scope = ConsentScope::Organization;
    organization.caps.limits = serde_json::from_str(r#"[{"count":5,"within_seconds":600}]"#).unwrap();
    organization.quiet_hours.mode = QuietMode::Defer;
    organization.quiet_hours.assumed_zones = vec![ZoneId::parse("UTC").unwrap()];
    let window = |minute: u32| format!(r#"{{"from":"09:{minute:02}","to":"09:{:02}"}}"#, minute + 2);
    let windows: Vec<String> = (1..57).step_by(4).map(window).collect();
    let windows = format!(r#"{{"windows":[{}]}}"#, windows.join(","));
    organization.quiet_hours.email = serde_json::from_str(&windows).unwrap();
}

impl Centre {
    fn new(scope: ConflictScope) -> Self {
        Self::under(|setup| setup.organization.conflict_scope = scope)
    }

    fn under(change: impl FnOnce(&mut Setup)) -> Self {
        let floor = Floor::with(|setup| {
            change(setup);
            setup.organization.timings.delivery.max_attempts = 3;
        });
        let first = floor.desk.terms().directory().setup().clone();
        Self {
            floor,
            answers: Vec::new(),
            provider: Mutex::default(),
            accepted: Mutex::default(),
            first,
            explains: false,
            repeats: false,
        }
    }

    /// Runs one command, and, where asked for, holds its explanation and its repetition to it.
    fn run<C: Command>(&mut self, command: &C)
    where
        C::Output: Debug,
    {
        let explained = self.explains.then(|| self.floor.explain(command));
        let number = self.floor.id();
        let outcome = answer(self.floor.run_as(number, command), command);
        if let Some(explained) = explained {
            let foretold = match explained.verdict {
                Verdict::Allowed => None,
                Verdict::Refused(ref reasons) => Some(reasons),
            };
            assert_eq!(foretold, outcome.as_ref().err(), "what is explained is what happens: {command:?}");
            let failing: BTreeSet<Code> =
                explained.checks.iter().filter(|it| !it.holds()).map(|it| it.code().clone()).collect();
            let named: Vec<Code> = outcome.as_ref().err().map(Refusals::codes).unwrap_or_default();
            // What speaks against a message at its turn is the claim's answer, and no refusal of the claim.
            if C::NAME != ClaimDispatch::NAME {
                assert_eq!(failing, named.into_iter().collect(), "the checks that fail are the reasons: {command:?}");
            }
        }
        if self.repeats {
            let world = self.floor.world();
            let again = answer(self.floor.run_as(number, command), command);
            assert_eq!(world, self.floor.world(), "a command done twice is done once: {command:?}");
            let keeps = command.remember() == Remember::Receipt || C::NAME == ClaimDispatch::NAME;
            if keeps || outcome.is_err() {
                assert_eq!(outcome, again, "a command repeated has its first outcome: {command:?}");
            }
        }
        self.answers.push(outcome);
    }

    /// A conversation: mostly one in a wanted state, else one that is open, now and then a closed one.
    fn conversation(&self, at: u8, wanted: fn(&Conversation) -> bool) -> Option<Conversation> {
        let world = self.floor.world();
        let mut all: Vec<&Conversation> = world.conversations().collect();
        all.sort_by_key(|it| (!wanted(it), it.is_closed(), it.opened_at(), it.id()));
        let fitting = all.iter().filter(|it| wanted(it)).count();
        let open = all.iter().filter(|it| !it.is_closed()).count();
        let among = match at % 8 {
            0..6 if fitting > 0 => fitting,
            0..7 if open > 0 => open,
            _ => all.len(),
        };
        (among > 0).then(|| all[usize::from(at / 8) % among].clone())
    }

    /// A message: mostly one that was sent.
    fn message(&self, at: u8) -> Option<MessageId> {
        let world = self.floor.world();
        let mut all: Vec<_> = world.messages().map(|it| (it.is_inbound(), it.id())).collect();
        all.sort_unstable();
        let sent = all.iter().filter(|(inbound, _)| !inbound).count();
        let among = if at % 8 == 7 || sent == 0 { all.len() } else { sent };
        (among > 0).then(|| all[usize::from(at / 8) % among].1)
    }

    fn takes(&self, dispatch: &Dispatch, provider: Provider) -> SendResult {
        self.provider.lock().unwrap().entry(dispatch.idempotency_key).or_default().push(dispatch.clone());
        let result = result_of(dispatch.idempotency_key, provider);
        if matches!(result, SendResult::Accepted { .. }) {
            *self.accepted.lock().unwrap().entry(dispatch.idempotency_key).or_default() += 1;
        }
        result
    }

    fn pump(&self, provider: Provider, limit: usize) -> usize {
        let deliver = |dispatch: &Dispatch| self.takes(dispatch, provider);
        let pumped = self.floor.desk.deliver_due(self.floor.id(), &deliver, &NoMedia, limit).expect("the pump works");
        self.floor.check();
        pumped.totals().total()
    }

    fn set_up(&self, change: SetUp) {
        let first = self.first.clone();
        self.floor.change(|setup| {
            *setup = Setup { version: setup.version, ..first };
            match change {
                SetUp::WithoutAgent(agent) => setup.agents.retain(|it| it.id != agent_id(agent)),
                SetUp::Narrow => {
                    for profile in &mut setup.profiles {
                        profile.limits.social.slots = profile.limits.social.slots.min(1);
                        profile.limits.social.outbound = None;
                        profile.limits.email.slots = profile.limits.email.slots.min(1);
                    }
                }
                SetUp::Blocked => setup.organization.digital_channels = false,
                SetUp::WithoutSales => {
                    setup.entry_points.retain(|it| it.id != id("sms_sales"));
                    setup.queues.retain(|it| it.id != id("sales_queue"));
                }
                SetUp::EntryPointOff => setup.entry_points[0].enabled = false,
                SetUp::Reaching if setup.organization.consent.confirmation.is_none() => reaching(setup),
                SetUp::Reaching | SetUp::AsAtFirst => {}
            }
        });
    }

    fn play(&mut self, it: &Move) {
        match *it {
            Move::SignIn { agent, team, idle } => {
                let team = id(["care", "sales"][usize::from(team) % 2]);
                self.run(&SignIn { agent: agent_id(agent), team, state: chosen(idle) });
            }
            Move::SignOut { agent, requeue } => {
                let unfinished = if requeue { Unfinished::Requeue } else { Unfinished::Refuse };
                self.run(&SignOut { agent: agent_id(agent), unfinished });
            }
            Move::SetState { agent, class, idle } => {
                let class = class.map(|class| MediaClass::ALL[usize::from(class) % 4]);
                self.run(&SetState { agent: agent_id(agent), class, state: chosen(idle) });
            }
            Move::Recover { agent, idle } => {
                self.run(&RecoverFromRona { agent: agent_id(agent), state: chosen(idle) });
            }
            Move::Start { agent, entry, to, conflict } => self.start(agent, entry, to, conflict),
            Move::StartAgain { agent, at, ask } => self.start_again(agent, at, ask),
            Move::Receive { entry, from, provider, subject } => self.receive(entry, from, provider, subject),
            Move::WrapUp { agent, at, known } => {
                let reason = id(if known { "resolved" } else { "no_such_reason" });
                self.with(at, wrapping, |it, conversation| WrapUp { agent: owing(agent, it), conversation, reason });
            }
            Move::Extend { agent, at } => {
                self.with(at, wrapping, |it, conversation| ExtendWrapUp { agent: owing(agent, it), conversation });
            }
            Move::Route { queue, agent } => {
                let queue = id(QUEUES[usize::from(queue) % 3]);
                self.run(&RouteNext { queue, agent: agent.map(agent_id) });
            }
            Move::Begin { agent, class, number, offered } => self.run(&BeginInteraction {
                agent: agent_id(agent),
                class: MediaClass::ALL[usize::from(class) % 4],
                interaction: id(&format!("call-{number}")),
                how: if offered { InteractionHow::Offered } else { InteractionHow::SelfStarted },
            }),
            Move::End { agent, number } => {
                self.run(&EndInteraction { agent: agent_id(agent), interaction: id(&format!("call-{number}")) });
            }
            Move::FireOne { at } => {
                let keys: Vec<Key> = self.floor.world().records().map(|it| it.record.key()).collect();
                if !keys.is_empty() {
                    self.run(&FireDue { at: keys[usize::from(at) % keys.len()] });
                }
            }
            Move::Pass { seconds, fire } => {
                if fire {
                    self.floor.pass(seconds.into());
                } else {
                    self.floor.advance(seconds.into());
                }
            }
            Move::PutBack { seconds } => self.floor.advance(-i64::from(seconds)),
            Move::Pump { provider, limit } => {
                self.pump(provider, limit.into());
            }
            Move::Claim { message } => {
                if let Some(message) = self.message(message) {
                    self.run(&ClaimDispatch { message });
                }
            }
            Move::Attempted { message, attempt, provider } => {
                if let Some(message) = self.message(message) {
                    let result = result_of(message, provider);
                    self.run(&RecordAttempt { message, attempt: attempt.into(), result });
                }
            }
            Move::Report { message, status, cause } => self.report(message, status, cause),
            Move::Word { entry, from, word, provider } => self.word(entry, from, word, provider),
            Move::Told { entry, to, change, about } => self.told(entry, to, change, about),
            Move::Zone { to, west } => {
                let zone = west.then(|| ZoneId::parse("-01:00").unwrap());
                let (by, channel) = (By::Host, Channel::Email);
                let address = address(channel, to).into();
                self.run(&SetZone { by, channel, address, zone, customer: None });
            }
            Move::Retry { who, message } => {
                if let Some(message) = self.message(message) {
                    let conversation = self.floor.conversation(self.floor.message(message).conversation());
                    self.run(&RetryMessage::new(holder(who, &conversation), message));
                }
            }
            Move::SetUp(change) => self.set_up(change),
            ref task => self.play_task(task),
        }
    }

    fn start(&mut self, agent: u8, entry: u8, to: u8, conflict: u8) {
        let (entry_point, channel) = ENTRY_POINTS[usize::from(entry) % 3];
        self.run(&StartOutbound {
            agent: agent_id(agent),
            channel,
            entry_point: id(entry_point),
            to: address(channel, to).into(),
            customer: None,
            on_conflict: [OnConflict::Refuse, OnConflict::TakeOver, OnConflict::AskHolder][usize::from(conflict) % 3],
        });
    }

    /// A start to a customer with whom there is a conversation: its holder is asked, or it is taken over.
    fn start_again(&mut self, agent: u8, at: u8, ask: bool) {
        self.with(at, if ask { active } else { loose }, |it, _| StartOutbound {
            agent: agent_id(agent),
            channel: it.channel(),
            entry_point: it.entry_point().clone(),
            to: it.address().clone().into(),
            customer: None,
            on_conflict: if ask { OnConflict::AskHolder } else { OnConflict::TakeOver },
        });
    }

    fn receive(&mut self, entry: u8, from: u8, provider: u8, subject: u8) {
        let (entry_point, channel) = ENTRY_POINTS[usize::from(entry) % 3];
        let mut message = inbound(entry_point, address(channel, from), &format!("in-{provider}"), "hello");
        if channel == Channel::Email {
            message.subject =
                SUBJECTS.get(usize::from(subject)).map(|it| outbound::model::Private::new((*it).to_owned()));
        }
        self.run(&message);
    }

    fn word(&mut self, entry: u8, from: u8, word: u8, provider: u8) {
        let (entry_point, channel) = ENTRY_POINTS[usize::from(entry) % 3];
        let word = ["STOP", "start", "Stop.", "START", "help", "stop it"][usize::from(word) % 6];
        self.run(&inbound(entry_point, address(channel, from), &format!("word-{provider}"), word));
    }

    fn told(&mut self, entry: u8, to: u8, change: u8, about: bool) {
        let (entry_point, channel) = ENTRY_POINTS[usize::from(entry) % 3];
        let change = match change {
            0 => ConsentChange::OptOut,
            1 | 2 => ConsentChange::OptIn,
            3 => ConsentChange::Suppress { until: Some(self.floor.now() + TimeDelta::seconds(600)) },
            4 => ConsentChange::Suppress { until: None },
            _ => ConsentChange::Lift,
        };
        let told = SetConsent::by_host(channel, address(channel, to), change);
        self.run(&if about { told.about(id(entry_point)) } else { told });
    }

    fn report(&mut self, message: u8, status: u8, cause: u8) {
        let all = [ReceiptStatus::Sent, ReceiptStatus::Failed, ReceiptStatus::Delivered, ReceiptStatus::Read];
        let Some(message) = self.message(message) else { return };
        let entry_point = self.floor.message(message).draft().entry_point.clone();
        self.run(&ReportDelivery {
            entry_point,
            provider: support::provider_of(message),
            status: all[usize::from(status) % 4],
            problem: match cause {
                0 => Some(Problem::new(Cause::OptedOut, "stopped")),
                1 => Some(Problem::new(Cause::NoSuchAddress, "nobody")),
                2 => Some(Problem::from("no idea")),
                _ => None,
            },
        });
    }

    fn with<C: Command>(
        &mut self,
        at: u8,
        wanted: fn(&Conversation) -> bool,
        command: impl FnOnce(&Conversation, ConversationId) -> C,
    ) where
        C::Output: Debug,
    {
        if let Some(conversation) = self.conversation(at, wanted) {
            let command = command(&conversation, conversation.id());
            self.run(&command);
        }
    }

    fn play_task(&mut self, it: &Move) {
        let now = self.floor.now();
        match *it {
            Move::Send { who, at, subject, seen, hasty } => self.with(at, active, |it, conversation| {
                let mut send = SendMessage::new(holder(who, it), conversation, Wording::text("hello"));
                if it.channel() == Channel::Email {
                    send.subject =
                        SUBJECTS.get(usize::from(subject)).map(|it| outbound::model::Private::new((*it).to_owned()));
                }
                send.seen = match seen {
                    Some(true) => it.last_inbound().map_or(Seen::Nothing, Seen::UpTo),
                    Some(false) => Seen::UpTo(MessageId::of(command_id(start_of_time(), 0))),
                    None => Seen::NotTold,
                };
                send.not_after = hasty.then(|| now + TimeDelta::seconds(20));
                send
            }),
            Move::Close { who, at, host } => self.with(at, active, |it, conversation| {
                let by = if host { By::Host } else { By::Agent(holder(who, it)) };
                Close { by, conversation }
            }),
            Move::ToAgent { who, at, to } => self.with(at, active, |it, conversation| Transfer {
                agent: holder(who, it),
                conversation,
                to: Target::Agent(agent_id(to)),
            }),
            Move::ToQueue { who, at, to } => self.with(at, active, |it, conversation| {
                let to = Target::Queue(id(QUEUES[usize::from(to) % 3]));
                Transfer { agent: holder(who, it), conversation, to }
            }),
            Move::Cancel { who, at } => {
                self.with(at, frozen, |it, conversation| CancelTransfer { agent: holder(who, it), conversation });
            }
            Move::Accept { who, at } => self.with(at, offered, |it, conversation| Accept {
                agent: asked(who, it),
                conversation,
                offer: offer_of(it),
            }),
            Move::Decline { who, at } => self.with(at, offered, |it, conversation| Decline {
                agent: asked(who, it),
                conversation,
                offer: offer_of(it),
            }),
            Move::Answer { who, at, give } => self.with(at, requested, |it, conversation| AnswerHandover {
                agent: holder(who, it),
                conversation,
                request: request_of(it),
                give,
            }),
            Move::Park { who, at, seconds, queue } => self.with(at, active, |it, conversation| Park {
                agent: holder(who, it),
                conversation,
                until: now + TimeDelta::seconds(seconds.into()),
                queue: queue.map(|queue| id(QUEUES[usize::from(queue) % 3])),
            }),
            Move::Wake { at } => self.with(at, parked, |_, conversation| Wake { conversation }),
            Move::Workflow { who, at, manual } => self.with(at, active, |it, conversation| TriggerWorkflow {
                agent: holder(who, it),
                conversation,
                workflow: id(if manual { "refund" } else { "on_close" }),
            }),
            Move::Conference { who, at } => {
                self.with(at, active, |it, conversation| Conference { agent: holder(who, it), conversation });
            }
            Move::Rehome { at } => self.with(at, open, |_, conversation| Rehome { conversation }),
            _ => {}
        }
    }

    /// Everything is closed by those who hold it, and every deadline passes.
    fn go_home(&mut self) {
        self.set_up(SetUp::AsAtFirst);
        self.floor.pass(4000);
        for _ in 0..4 {
            let open: Vec<Conversation> =
                self.floor.world().conversations().filter(|it| !it.is_closed()).cloned().collect();
            for conversation in open {
                let by = match self.floor.conversation(conversation.id()).state().holder() {
                    Some(Holder::Agent(agent)) => By::Agent(agent),
                    _ => By::Host,
                };
                self.floor.ok(&Close { by, conversation: conversation.id() });
            }
            self.floor.pass(4000);
        }
        while self.floor.desk.store().entries().iter().any(|entry| entry.index == outbound::record::Index::Outbox) {
            self.pump(Provider::Takes, 100);
            self.floor.pass(100);
        }
    }
}

fn answer<T: Into<Outcome>, E: Debug>(
    outcome: Result<T, Failure<E>>,
    command: &impl Debug,
) -> Result<Outcome, Refusals> {
    match outcome {
        Ok(done) => Ok(done.into()),
        Err(Failure::Refused(refusals)) => Err(*refusals),
        Err(other) => panic!("{command:?}: {other:?}"),
    }
}

fn open(it: &Conversation) -> bool {
    !it.is_closed()
}

fn active(it: &Conversation) -> bool {
    matches!(it.state(), TaskState::Active { .. })
}

fn frozen(it: &Conversation) -> bool {
    matches!(it.state(), TaskState::Frozen { .. })
}

fn offered(it: &Conversation) -> bool {
    it.state().offer().is_some()
}

fn requested(it: &Conversation) -> bool {
    matches!(it.state(), TaskState::Active { asked: Some(_), .. })
}

fn loose(it: &Conversation) -> bool {
    matches!(it.state(), TaskState::Queued { .. } | TaskState::Parked { .. })
}

fn parked(it: &Conversation) -> bool {
    matches!(it.state(), TaskState::Parked { .. })
}

fn wrapping(it: &Conversation) -> bool {
    it.legs().iter().any(|leg| leg.wrap_up.is_none())
}

fn agent_id(agent: u8) -> AgentId {
    id(AGENTS[usize::from(agent) % AGENTS.len()])
}

fn chosen(idle: bool) -> ChosenState {
    if idle { ChosenState::Idle(id("lunch")) } else { ChosenState::Available }
}

fn address(channel: Channel, number: u8) -> &'static str {
    if channel == Channel::Sms { NUMBERS[usize::from(number) % 3] } else { EMAILS[usize::from(number) % 3] }
}

fn result_of(message: MessageId, provider: Provider) -> SendResult {
    match provider {
        Provider::Takes => SendResult::accepted(support::provider_of(message)),
        Provider::Busy => SendResult::transient(Cause::Busy, "busy"),
        Provider::Refuses => SendResult::permanent(Cause::Blocked, "no"),
    }
}

fn holder(who: Who, conversation: &Conversation) -> AgentId {
    match (who, conversation.state().agent()) {
        (Who::Right, Some(agent)) => agent.clone(),
        (Who::Right, None) => id("ana"),
        (Who::Any(agent), _) => agent_id(agent),
    }
}

fn owing(agent: u8, conversation: &Conversation) -> AgentId {
    let owing = conversation.legs().iter().find(|leg| leg.wrap_up.is_none());
    owing.filter(|_| agent > 0).map_or_else(|| agent_id(agent), |leg| leg.agent.clone())
}

fn asked(who: Who, conversation: &Conversation) -> AgentId {
    match (who, conversation.state().offer()) {
        (Who::Right, Some(offer)) => offer.to.clone(),
        (Who::Right, None) => id("ana"),
        (Who::Any(agent), _) => agent_id(agent),
    }
}

fn nothing() -> OfferId {
    OfferId::of(command_id(start_of_time(), 0))
}

fn offer_of(conversation: &Conversation) -> OfferId {
    conversation.state().offer().map_or_else(nothing, |offer| offer.id)
}

fn request_of(conversation: &Conversation) -> OfferId {
    match conversation.state() {
        TaskState::Active { asked: Some(asked), .. } => asked.id,
        _ => nothing(),
    }
}

fn config(cases: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    Config { cases, failure_persistence: None, max_shrink_iters: 4096, ..Config::default() }
}

/// Days are played, and a law is looked at after every move and at the end of the day.
fn days(cases: u32, make: impl Fn() -> Centre, law: impl Fn(&Moment<'_>), evening: impl Fn(&mut Centre)) {
    let mut runner = TestRunner::new(config(cases));
    let outcome = runner.run(&day_with_an_odd_clock(), |moves| {
        let mut centre = make();
        let mut before = World::default();
        for it in &moves {
            centre.play(it);
            let now = centre.floor.world();
            law(&Moment { centre: &centre, before: &before, now: &now });
            before = now;
        }
        evening(&mut centre);
        Ok::<(), TestCaseError>(())
    });
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
}

fn usual() -> Centre {
    Centre::new(ConflictScope::EntryPoint)
}

fn no_law(_: &Moment<'_>) {}
fn no_evening(_: &mut Centre) {}

#[test]
fn r12_slots_never_exceeded_and_never_leaked() {
    days(
        192,
        usual,
        |moment| {
            let terms = moment.centre.floor.desk.terms();
            for presence in moment.now.presences() {
                let agent = presence.agent();
                let earlier = moment.before.presences().find(|it| it.agent() == agent);
                for class in MediaClass::ALL {
                    let (was, used) = (earlier.map_or(0, |it| it.used(class)), presence.used(class));
                    if used > was {
                        let known = terms.directory().agent(agent).expect("slots are taken by agents who are there");
                        let session = presence.session().expect("slots are taken by agents who are signed in");
                        let profile = terms.directory().profile_for(known, Some(&session.team)).expect("a profile");
                        let limit = usize::from(profile.profile.limit(class));
                        assert!(used <= limit, "{agent} holds {used} of {limit} slots for {class}");
                    }
                }
                let held: Vec<_> = presence.slots().iter().filter_map(|slot| slot.occupant.conversation()).collect();
                let once: BTreeSet<_> = held.iter().collect();
                assert_eq!(held.len(), once.len(), "one slot per conversation");
                assert!(presence.session().is_some() || presence.slots().is_empty(), "who is out holds nothing");
            }
        },
        |centre| {
            centre.go_home();
            for presence in centre.floor.world().presences() {
                let left = presence.slots().iter().filter_map(|slot| slot.occupant.conversation()).count();
                assert_eq!(left, 0, "{} still holds slots", presence.agent());
                assert_eq!(presence.transferring(), None);
            }
        },
    );
}

#[test]
fn r12_a_start_never_goes_beyond_the_outbound_limit() {
    days(
        96,
        || {
            Centre::under(|setup| {
                for profile in &mut setup.profiles {
                    for class in [MediaClass::Social, MediaClass::Email] {
                        let limit = profile.limits.get_mut(class);
                        limit.outbound = Some(limit.slots.min(1));
                    }
                }
            })
        },
        |moment| {
            let terms = moment.centre.floor.desk.terms();
            for conversation in moment.now.conversations() {
                let new = moment.before.conversations().all(|it| it.id() != conversation.id());
                let Some(agent) = conversation.state().agent().filter(|_| new) else { continue };
                let presence = moment.now.presences().find(|it| it.agent() == agent).unwrap();
                let team = presence.session().map(|session| &session.team);
                let profile = terms.directory().profile_for(terms.directory().agent(agent).unwrap(), team).unwrap();
                let class = conversation.channel().class();
                if profile.profile.has_outbound_limit(class) {
                    let limit = usize::from(profile.profile.outbound_limit(class));
                    assert!(presence.used_outbound(class) <= limit);
                }
            }
        },
        no_evening,
    );
}

fn open_by<K: Ord>(world: &World, key: impl Fn(&Conversation) -> K) -> BTreeMap<K, Vec<ConversationId>> {
    let mut by = BTreeMap::<K, Vec<ConversationId>>::new();
    for conversation in world.conversations().filter(|it| !it.is_closed()) {
        by.entry(key(conversation)).or_default().push(conversation.id());
    }
    by
}

#[test]
fn r11_one_open_conversation_per_key() {
    let law = |moment: &Moment<'_>| {
        let by = open_by(moment.now, |it| (it.entry_point().clone(), Key::contact(it.address())));
        assert!(by.values().all(|open| open.len() == 1), "{by:?}");
    };
    days(192, usual, law, no_evening);
}

#[test]
fn r11_one_open_conversation_per_address_where_the_set_up_says_so() {
    let law = |moment: &Moment<'_>| {
        let by = open_by(moment.now, |it| Key::contact(it.address()));
        assert!(by.values().all(|open| open.len() == 1), "{by:?}");
    };
    days(128, || Centre::new(ConflictScope::Address), law, no_evening);
}

#[test]
fn r21_one_holder_for_what_is_open_and_none_for_what_is_closed() {
    days(
        192,
        usual,
        |moment| {
            for conversation in moment.now.conversations() {
                let (id, state) = (conversation.id(), conversation.state());
                assert_eq!(conversation.is_closed(), state.holder().is_none(), "{id}: {state:?}");
                assert!(!matches!(state, TaskState::Offered { queue: None, .. }), "no start is left half-done");
                let works = |presence: &&outbound::model::Presence| {
                    presence.slots().iter().any(|slot| slot.occupant == Occupant::Task { conversation: id })
                };
                let workers: Vec<&AgentId> = moment.now.presences().filter(works).map(|it| it.agent()).collect();
                assert_eq!(workers, state.agent().into_iter().collect::<Vec<_>>(), "{id}");
                if let TaskState::WrapUp { agent } = state {
                    let presence = moment.now.presences().find(|it| it.agent() == agent).unwrap();
                    let slot = presence.slot_of(id).expect("the wrap-up holds its slot");
                    assert!(slot.deadline().is_some(), "and ends by itself");
                }
            }
        },
        |centre| {
            centre.go_home();
            for conversation in centre.floor.world().conversations() {
                assert_eq!(*conversation.state(), TaskState::Done, "closed and wrapped up");
            }
        },
    );
}

#[test]
fn r48_one_transfer_pending_for_an_agent() {
    days(
        128,
        usual,
        |moment| {
            for presence in moment.now.presences() {
                let frozen = |it: &&Conversation| matches!(it.state(), TaskState::Frozen { agent, .. } if agent == presence.agent());
                let pending: Vec<_> = moment.now.conversations().filter(frozen).map(Conversation::id).collect();
                assert_eq!(pending, presence.transferring().into_iter().collect::<Vec<_>>());
            }
        },
        no_evening,
    );
}

/// The events of every conversation, each with whether the task was frozen before it.
fn while_frozen(events: &[Envelope]) -> Vec<&ConversationEvent> {
    let mut frozen = BTreeSet::new();
    let mut happened = Vec::new();
    for envelope in events {
        let Event::Conversation(event) = &envelope.event else { continue };
        if frozen.contains(&envelope.stream) {
            happened.push(event);
        }
        match event {
            ConversationEvent::Frozen { .. } => {
                frozen.insert(envelope.stream);
            }
            ConversationEvent::Unfrozen { .. }
            | ConversationEvent::Transferred { .. }
            | ConversationEvent::Queued { .. } => {
                frozen.remove(&envelope.stream);
            }
            _ => {}
        }
    }
    happened
}

#[test]
fn r47_frozen_sends_nothing() {
    days(192, usual, no_law, |centre| {
        for event in while_frozen(&centre.floor.events()) {
            use ConversationEvent::{
                MessageReceived, MessageSettled, NoticeSent, Queued, SubjectSet, Transferred, Unfrozen, WrappedUp,
            };
            let allowed = matches!(
                event,
                Unfrozen { .. }
                    | Transferred { .. }
                    | Queued { .. }
                    | MessageReceived { .. }
                    | NoticeSent { .. }
                    | SubjectSet { .. }
                    | MessageSettled { .. }
                    | WrappedUp { .. }
            );
            assert!(allowed, "while frozen: {event:?}");
        }
    });
}

#[test]
fn r49_who_let_an_offer_lapse_is_in_rona_and_holds_nothing_for_it() {
    days(
        96,
        usual,
        |moment| {
            for presence in moment.now.presences() {
                for slot in presence.slots() {
                    let Occupant::Offer { conversation, offer } = slot.occupant else { continue };
                    let it = moment.now.get(Key::conversation(conversation)).expect("the conversation");
                    let Record::Conversation(it) = it else { panic!("{it:?}") };
                    assert_eq!(it.state().offer().map(|pending| pending.id), Some(offer));
                }
                let of_social = presence.state(MediaClass::Social).map(|standing| &standing.state);
                if of_social == Some(&State::Rona) {
                    let new = |it: &Envelope| it.stream == presence.key();
                    assert!(moment.centre.floor.events().iter().any(new));
                }
            }
        },
        |centre| answered_in_time(&centre.floor.events()),
    );
}

#[test]
fn b02_same_command_twice_is_done_once() {
    days(96, || Centre { repeats: true, ..usual() }, no_law, no_evening);
}

#[test]
fn b02_an_id_is_not_taken_for_another_command() {
    let mut runner = TestRunner::new(config(64));
    let outcome = runner.run(&day(), |moves| {
        let mut centre = usual();
        let floor_id = centre.floor.id();
        let _ = centre.floor.run_as(floor_id, &SignIn { agent: id("ana"), team: id("care"), state: chosen(false) });
        for it in &moves {
            centre.play(it);
        }
        let other = SignIn { agent: id("bruno"), team: id("care"), state: chosen(false) };
        let outcome = centre.floor.run_as(floor_id, &other);
        prop_assert!(matches!(outcome, Err(Failure::Fault(_))), "{:?}", outcome);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn b03_explain_agrees_with_run() {
    days(128, || Centre { explains: true, ..usual() }, no_law, no_evening);
}

#[test]
fn b14_events_make_the_records() {
    days(128, usual, no_law, |centre| {
        let events = centre.floor.events();
        let mut streams = BTreeMap::<Key, u64>::new();
        let mut ids = BTreeSet::new();
        for envelope in &events {
            let last = streams.entry(envelope.stream).or_default();
            assert_eq!(envelope.sequence, *last + 1, "no gaps");
            *last = envelope.sequence;
            assert!(ids.insert(envelope.id()), "an event's id is its own");
        }
        // One stream after the other makes the same world as all of them mixed.
        let mut sorted = events.clone();
        sorted.sort_by_key(|envelope| (envelope.stream, envelope.sequence));
        assert_eq!(World::from_events(&sorted), centre.floor.world().with_history());
        // And what was written down makes it as well.
        let text = serde_json::to_string(&events).unwrap();
        let read: Vec<Envelope> = serde_json::from_str(&text).unwrap();
        assert_eq!(events, read);
        assert_eq!(World::from_events(&read), World::from_events(&events));
        for versioned in centre.floor.world().records() {
            let text = serde_json::to_string(versioned).unwrap();
            let read: outbound::record::Versioned = serde_json::from_str(&text).unwrap();
            assert_eq!(*versioned, read);
            assert_eq!(text, serde_json::to_string(&read).unwrap());
        }
    });
}

#[test]
fn b14_refusals_are_written_down_where_the_host_wants_it() {
    let make = || {
        let centre = usual();
        Centre { floor: centre.floor.audited(), ..centre }
    };
    days(48, make, no_law, |centre| {
        let refused = centre.answers.iter().filter(|answer| answer.is_err()).count();
        let written = centre.floor.world().records().filter(|it| it.record.key().kind() == Kind::Refused).count();
        // The pump's claims are refused, too, where a claim stands.
        assert!(written >= refused, "{written} of {refused}");
    });
}

#[test]
fn the_same_input_has_the_same_output() {
    let mut runner = TestRunner::new(config(64));
    let outcome = runner.run(&day(), |moves| {
        let [mut one, mut other] = [usual(), usual()];
        for it in &moves {
            one.play(it);
        }
        for it in &moves {
            other.play(it);
        }
        prop_assert_eq!(one.floor.world(), other.floor.world());
        prop_assert_eq!(one.floor.events(), other.floor.events());
        prop_assert_eq!(one.answers, other.answers);
        Ok(())
    });
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
}

#[test]
fn b10_every_durable_message_ends_and_is_taken_once() {
    days(128, usual, no_law, |centre| {
        centre.go_home();
        let world = centre.floor.world();
        for message in world.messages().filter(|it| !it.is_inbound()) {
            assert_eq!(message.delivery().step, Step::Settled, "{message:?}");
            assert!(!matches!(message.status(), Status::Queued | Status::Received), "{message:?}");
        }
        assert!(world.conversations().all(|it| it.unsettled().is_empty()));
        for (key, dispatches) in &*centre.provider.lock().unwrap() {
            let message = centre.floor.message(*key);
            assert!(
                dispatches.iter().all(|it| it.to == message.draft().address && it.content == message.draft().content)
            );
            assert!(dispatches.windows(2).all(|two| two[0].attempt < two[1].attempt), "attempts only go on");
        }
        for (message, times) in &*centre.accepted.lock().unwrap() {
            assert_eq!(*times, 1, "{message} was taken more than once");
        }
        in_order(&centre.floor.events());
    });
}

/// Whether an address may be written to from an entry point, told from events alone and in the plainest way.
#[derive(Default)]
struct Wishes {
    by_entry_point: BTreeMap<(Key, EntryPointId), (DateTime<Utc>, bool)>,
    by_address: BTreeMap<Key, (DateTime<Utc>, bool)>,
    /// By the address and by whether a provider said so.
    suppressed: BTreeMap<(Key, bool), DateTime<Utc>>,
}

impl Wishes {
    fn hear(&mut self, envelope: &Envelope) {
        let contact = envelope.stream;
        let told = self.by_entry_point.iter().filter(|((other, _), _)| *other == contact).map(|(_, told)| told);
        let told = told.chain(self.by_address.get(&contact)).map(|(at, _)| *at);
        let at = told.fold(envelope.at, DateTime::max);
        let mut tell = |entry_point: &Option<EntryPointId>, stops: bool| match entry_point {
            Some(about) => {
                self.by_entry_point.insert((contact, about.clone()), (at, stops));
            }
            None => {
                self.by_entry_point.retain(|(other, _), _| *other != contact);
                self.by_address.insert(contact, (at, stops));
            }
        };
        match &envelope.event {
            Event::Contact(ContactEvent::OptedOut { entry_point, .. }) => tell(entry_point, true),
            Event::Contact(ContactEvent::OptedIn { entry_point, .. }) => tell(entry_point, false),
            Event::Contact(ContactEvent::Suppressed { until, by, .. }) => {
                self.suppressed.insert((contact, matches!(by, ToldBy::Provider { .. })), *until);
            }
            Event::Contact(ContactEvent::SuppressionLifted { by, .. }) => {
                self.suppressed.remove(&(contact, true));
                if !matches!(by, ToldBy::Customer { .. }) {
                    self.suppressed.remove(&(contact, false));
                }
            }
            _ => {}
        }
    }

    fn forbid(&self, contact: Key, entry_point: &EntryPointId, at: DateTime<Utc>) -> bool {
        let about = self.by_entry_point.get(&(contact, entry_point.clone()));
        let newest = about.into_iter().chain(self.by_address.get(&contact)).max();
        newest.is_some_and(|(_, stops)| *stops)
            || self.suppressed.range((contact, false)..=(contact, true)).any(|(_, until)| *until > at)
    }
}

/// Nothing leaves to whoever wants no messages or is not reached, but the confirmation of that, and nothing is written.
#[test]
fn b05_no_dispatch_leaves_to_an_opted_out_or_suppressed_contact_but_the_confirmation() {
    let always = || Centre::under(reaching);
    days(192, always, no_law, |centre| {
        centre.go_home();
        let mut wishes = Wishes::default();
        let mut drafts = BTreeMap::new();
        let mut confirmed = BTreeMap::<Key, usize>::new();
        let mut opted_out = BTreeMap::<Key, usize>::new();
        for envelope in centre.floor.events() {
            match &envelope.event {
                Event::Message(MessageEvent::MessageMade { draft, .. }) => {
                    let contact = Key::contact(&draft.address);
                    match &draft.direction {
                        Direction::Outbound { by: Author::System, .. } => *confirmed.entry(contact).or_default() += 1,
                        Direction::Outbound { .. } => {
                            assert!(!wishes.forbid(contact, &draft.entry_point, envelope.at), "{draft:?} is written");
                            drafts.insert(envelope.stream, draft.clone());
                        }
                        Direction::Inbound { .. } => {}
                    }
                }
                Event::Message(MessageEvent::AttemptBegun { .. }) => {
                    if let Some(draft) = drafts.get(&envelope.stream) {
                        let forbidden = wishes.forbid(Key::contact(&draft.address), &draft.entry_point, envelope.at);
                        assert!(!forbidden, "{draft:?} leaves");
                    }
                }
                Event::Contact(ContactEvent::OptedOut { by: ToldBy::Customer { .. }, .. }) => {
                    *opted_out.entry(envelope.stream).or_default() += 1;
                }
                _ => {}
            }
            wishes.hear(&envelope);
        }
        assert_eq!(confirmed, opted_out, "each opt-out by keyword is confirmed once");
    });
}

/// A task is taken only while its offer stands.
fn answered_in_time(events: &[Envelope]) {
    let mut expires = BTreeMap::new();
    for envelope in events {
        let Event::Conversation(event) = &envelope.event else { continue };
        match event {
            ConversationEvent::Offered { queue: Some(_), offer, .. }
            | ConversationEvent::Frozen { transfer: offer } => {
                expires.insert(envelope.stream, offer.expires);
            }
            ConversationEvent::Offered { queue: None, .. } => {
                expires.remove(&envelope.stream);
            }
            ConversationEvent::Accepted { .. } | ConversationEvent::Transferred { .. } => {
                let stood_until = expires.remove(&envelope.stream);
                assert!(stood_until.is_none_or(|until| envelope.at < until), "taken after it lapsed");
            }
            _ => {}
        }
    }
}

/// Attempts begin only while the message is not settled, one at a time within a conversation, in the order of sending.
fn in_order(events: &[Envelope]) {
    let (mut of, mut ends) = (BTreeMap::new(), BTreeMap::new());
    let mut waiting = BTreeMap::<ConversationId, Vec<Key>>::new();
    let (mut accepted, mut notices) = (BTreeSet::new(), BTreeSet::new());
    for envelope in events {
        match &envelope.event {
            Event::Message(MessageEvent::MessageMade { draft, .. }) => {
                of.insert(envelope.stream, draft.conversation);
                if let Direction::Outbound { not_after, .. } = draft.direction {
                    ends.insert(envelope.stream, not_after);
                }
            }
            Event::Conversation(ConversationEvent::MessageSent { message }) => {
                let conversation = envelope.stream.as_conversation().unwrap();
                waiting.entry(conversation).or_default().push(Key::message(*message));
            }
            Event::Conversation(ConversationEvent::NoticeSent { message }) => {
                notices.insert(Key::message(*message));
            }
            Event::Conversation(ConversationEvent::MessageSettled { message }) => {
                let conversation = envelope.stream.as_conversation().unwrap();
                waiting.entry(conversation).or_default().retain(|it| *it != Key::message(*message));
            }
            Event::Message(MessageEvent::AttemptBegun { .. }) => {
                if !notices.contains(&envelope.stream) {
                    let first = waiting[&of[&envelope.stream]].first();
                    assert_eq!(first, Some(&envelope.stream), "only the first that waits is attempted");
                }
                assert!(envelope.at < ends[&envelope.stream], "nothing is sent late");
            }
            Event::Message(MessageEvent::AcceptedByProvider { .. }) => {
                assert!(accepted.insert(envelope.stream), "accepted twice");
            }
            _ => {}
        }
    }
}

#[test]
fn r13_reasons_come_in_the_order_of_the_catalogue() {
    days(128, usual, no_law, |centre| {
        for refusals in centre.answers.iter().filter_map(|answer| answer.as_ref().err()) {
            check_reasons(refusals);
        }
        for withdrawn in centre.answers.iter().filter_map(|answer| answer.as_ref().ok()) {
            if let Outcome::Answered(Answered::Withdrawn(reasons)) = withdrawn {
                check_reasons(reasons);
            }
        }
    });
}

/// The generator reaches what the laws are about: every kind of event, and most of the codes.
#[test]
fn the_days_are_busy() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases: 300, ..config(300) }, rng);
    let (mut happened, mut refused) = (BTreeMap::<&str, usize>::new(), BTreeMap::<Code, usize>::new());
    for day_of_many in 0..300 {
        let mut centre = if day_of_many % 3 == 0 { Centre::under(reaching) } else { usual() };
        for it in day().new_tree(&mut runner).unwrap().current() {
            centre.play(&it);
        }
        for envelope in centre.floor.events() {
            *happened.entry(envelope.event.name()).or_default() += 1;
        }
        for code in centre.answers.iter().filter_map(|answer| answer.as_ref().err()).flat_map(Refusals::codes) {
            *refused.entry(code).or_default() += 1;
        }
    }
    let names = [
        "contact_made",
        "thread_opened",
        "thread_closed",
        "signed_in",
        "signed_out",
        "state_set",
        "slot_taken",
        "slot_changed",
        "slot_freed",
        "interaction_ended",
        "transfer_pending",
        "transfer_settled",
        "opened",
        "offered",
        "accepted",
        "queued",
        "frozen",
        "unfrozen",
        "transferred",
        "handover_asked",
        "handover_ended",
        "handed_over",
        "parked",
        "subject_set",
        "message_sent",
        "message_received",
        "message_settled",
        "workflow_triggered",
        "closed",
        "wrapped_up",
        "message_made",
        "released",
        "attempt_begun",
        "attempt_failed",
        "accepted_by_provider",
        "delivery_failed",
        "delivery_expired",
        "status_reported",
        "opted_out",
        "opted_in",
        "suppressed",
        "suppression_lifted",
        "zone_set",
        "customer_noted",
        "wish_told",
        "written_to",
        "notice_sent",
        "deferred",
        "retried",
    ];
    let rare: Vec<&str> = names.into_iter().filter(|name| happened.get(name).is_none_or(|times| *times < 2)).collect();
    assert!(rare.is_empty(), "too rare: {rare:?} of {happened:?}");
    assert!(refused.len() > 45, "too few codes: {} {refused:?}", refused.len());
}

/// The facts that the English text of a code names, from where it is written.
fn facts_named_by(code: &Code) -> Vec<&'static str> {
    let source = include_str!("../src/refusal/text/english.rs");
    let arm = source.split("Code::").find(|arm| {
        arm.strip_prefix(code.variant()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    });
    let word = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let behind = arm.expect("every code has its text").split('{').skip(1);
    behind.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).filter(word).collect()
}

fn check_reasons(refusals: &Refusals) {
    let place = |code: &Code| Code::ALL.iter().position(|it| it == code);
    let places: Vec<_> = refusals.codes().iter().map(place).collect();
    assert!(places.windows(2).all(|two| two[0] < two[1]), "{refusals}");
    for refusal in refusals.iter() {
        for name in facts_named_by(refusal.code()) {
            assert!(refusal.fact(name).is_some(), "the text of {} names `{name}`: {refusal:?}", refusal.code());
        }
        for fact in refusal.facts() {
            assert!(!NUMBERS.iter().chain(&EMAILS).any(|it| fact.value().to_string().contains(it)), "{refusal:?}");
        }
        let text = serde_json::to_string(refusal).unwrap();
        assert_eq!(serde_json::from_str::<outbound::refusal::Refusal>(&text).unwrap(), *refusal);
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn ids_are_a_function_of_the_command_and_never_meet(
        numbers in prop::collection::btree_set(any::<u64>(), 1..40),
        millis in 0..4_000_000_000_000i64,
    ) {
        let at = DateTime::from_timestamp_millis(millis).unwrap();
        let commands: Vec<CommandId> = numbers.iter().map(|number| command_id(at, *number)).collect();
        let mut seen = BTreeSet::new();
        for command in &commands {
            let text = command.to_string();
            prop_assert_eq!(text.parse::<CommandId>().unwrap(), *command);
            let mut ids = vec![
                command.as_uuid(),
                ConversationId::of(*command).as_uuid(),
                TaskId::of(*command).as_uuid(),
                OfferId::of(*command).as_uuid(),
                MessageId::of(*command).as_uuid(),
            ];
            ids.extend((0..20).map(|step| command.step(step).as_uuid()));
            for id in ids {
                prop_assert_eq!(id.get_version_num(), 7);
                prop_assert_eq!(id.get_variant(), uuid_variant(*command));
                prop_assert_eq!(id.as_u128() >> 80, command.as_uuid().as_u128() >> 80, "it keeps its time");
                prop_assert!(seen.insert(id), "two ids are one");
            }
        }
    }

    #[test]
    fn keys_round_trip_through_text_and_bytes(bytes in any::<[u8; 16]>(), kind in 0..Kind::ALL.len()) {
        let key = Key::from_bytes(Kind::ALL[kind], bytes);
        prop_assert_eq!(Key::try_from(key.to_string()).unwrap(), key);
        prop_assert_eq!(Key::from_bytes(key.kind(), key.bytes()), key);
        let text = serde_json::to_string(&key).unwrap();
        prop_assert_eq!(serde_json::from_str::<Key>(&text).unwrap(), key);
    }

    #[test]
    fn keys_order_as_their_kinds_and_bytes_do(a in any::<[u8; 16]>(), b in any::<[u8; 16]>(), kinds in (0..8usize, 0..8usize)) {
        let key = |kind: usize, bytes| Key::from_bytes(Kind::ALL[kind], bytes);
        prop_assert_eq!(key(kinds.0, a).cmp(&key(kinds.1, b)), (kinds.0, a).cmp(&(kinds.1, b)));
    }

    #[test]
    fn no_text_but_a_key_is_a_key(text in "[a-z]{0,12}/?[0-9a-fA-F+-]{0,40}") {
        if let Ok(key) = Key::try_from(text.clone()) {
            prop_assert_eq!(key.to_string(), text.to_lowercase());
            prop_assert_eq!(text.clone(), text.to_lowercase(), "one text for one key");
        }
    }

    #[test]
    fn r27_a_subject_normalised_stays_as_it_is(text in "\\PC{0,60}") {
        if let Some(subject) = Subject::lenient(&text) {
            let once = subject.normalised();
            if let Some(again) = Subject::lenient(&once) {
                prop_assert_eq!(again.normalised(), once);
            }
        }
    }

    #[test]
    fn r27_what_has_no_width_makes_no_new_subject(before in "[ -~é：]{0,20}", after in "[ -~é：]{1,20}") {
        let plain = Subject::lenient(&format!("{before}{after}"));
        let with = Subject::lenient(&format!("{before}\u{200b}{after}"));
        prop_assume!(plain.is_some() && with.is_some());
        let told = |it: Option<Subject>| it.map(|it| (it.normalised(), it.is_forward(), it.is_reply()));
        prop_assert_eq!(told(plain), told(with));
    }

    #[test]
    fn r27_what_is_a_subject_comes_in_as_it_is(text in "\\PC{1,300}") {
        if let Ok(subject) = Subject::parse(&text) && text.trim() == text {
            prop_assert_eq!(Subject::lenient(&text), Some(subject));
        }
    }

    #[test]
    fn r27_reply_marks_of_many_languages_make_no_new_subject(
        marks in prop::collection::vec(
            prop::sample::select(vec![
                "Re: ", "RE:", "Res: ", "AW: ", "SV:  ", "Fwd: ", "FW: ", "ENC: ", "回复：", "Отв: ", "Re[2]: ", "Re(3): ",
                "Antw.: ", "VS: ", "Odp: ", "TR : ", "Re^2: ",
            ]),
            0..5,
        ),
        words in prop::collection::vec("[a-zA-Z0-9äßÇ]{2,9}", 1..5),
        gap in " {1,3}",
    ) {
        let plain = Subject::parse(&words.join(" ")).unwrap();
        let marked = Subject::parse(&format!("{}{}", marks.concat(), words.join(&gap).to_uppercase())).unwrap();
        let upper = Subject::parse(&words.join(" ").to_uppercase()).unwrap();
        prop_assert_eq!(marked.normalised(), upper.normalised());
        if words.iter().all(|word| word.is_ascii()) {
            prop_assert_eq!(marked.normalised(), plain.normalised());
        }
    }
}

fn uuid_variant(command: CommandId) -> uuid::Variant {
    command.as_uuid().get_variant()
}
