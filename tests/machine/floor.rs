//! The crate beside the model: each command is given to both, and what is to be seen of both is compared.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, ConsentChange, Decline,
    EndInteraction, ExtendWrapUp, FireDue, InteractionHow, OnConflict, Park, ReceiptStatus, RecordAttempt,
    RecoverFromRona, Rehome, ReportDelivery, RetryMessage, RouteNext, Seen as CrateSeen, SendMessage, SetConsent,
    SetState, SetZone, SignIn, SignOut, StartOutbound, Target, Transfer, TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::directory::{Directory, Setup as CrateSetup};
use outbound::engine::{Command, Terms, Verdict};
use outbound::hours::{ZoneId, Zones};
use outbound::model::{
    Address, Author, By, CapsBasis, Cause, Channel, ChosenState, CommandId, ConsentBasis, ConversationId, Holder,
    HoursBasis, Key, MediaClass, Message as Sent, MessageId, Occupant, OfferId, Presence, Private, Problem, SendResult,
    ShapeOnly, State, Step as CrateStep, TaskState, ToldBy, Wish as CrateWish, Wording,
};
use outbound::policy::{Ask, HostReason, HostRule};
use outbound::port::Failure;
use outbound::record::{
    Answered, Claimed, Outcome as Told, Record, RefusedAttempt, Reported, StartedHow, Transferred, Versioned, World,
};
use outbound::refusal::{HostCode, Refusals, Retry};
use serde_json::{Value, json};

use crate::model::{
    Answer, CLASSES, Change, Cmd, Held, Hours, Model, Provider, SECOND, Seen, Setup, Step, TICK, Task, To, address,
    host, offset,
};
use crate::moves::{Move, NOBODY, What, provider, seconds};
use crate::promises::Promises;
use crate::support::{Floor, acme, command_id, id, inbound, start_of_time};

/// Both of them.
pub struct Both {
    pub model: Model,
    floor: Floor,
    first: Value,
    /// The id of each command, by its number.
    ids: Vec<CommandId>,
    conversations: BTreeMap<ConversationId, usize>,
    messages: BTreeMap<MessageId, usize>,
    offers: BTreeMap<OfferId, usize>,
    /// What was done, for whoever reads the counterexample.
    pub trace: Vec<String>,
    /// How often each command was tried, and done.
    pub tally: BTreeMap<String, (usize, usize)>,
    /// How often each answer and each reason came.
    pub answers: BTreeMap<String, usize>,
    /// How often the crate said no.
    refused: usize,
    /// Whether a command is given once more.
    repeats: bool,
    /// What it said about asking again.
    promises: RefCell<Promises>,
}

fn agent_channel(channel: &str) -> Channel {
    match channel {
        "sms" => Channel::Sms,
        "email" => Channel::Email,
        "voice" => Channel::Voice,
        _ => Channel::Chat,
    }
}

fn class(class: &str) -> MediaClass {
    MediaClass::ALL.into_iter().find(|it| it.as_str() == class).unwrap()
}

fn chosen(idle: &Option<String>) -> ChosenState {
    idle.as_ref().map_or(ChosenState::Available, |reason| ChosenState::Idle(id(reason)))
}

fn cause(cause: &str) -> Cause {
    match cause {
        "opted_out" => Cause::OptedOut,
        "no_such_address" => Cause::NoSuchAddress,
        "busy" => Cause::Busy,
        _ => Cause::Blocked,
    }
}

fn nanoseconds(at: DateTime<Utc>) -> i64 {
    (at - start_of_time()).num_nanoseconds().unwrap()
}

fn time(nanoseconds: i64) -> DateTime<Utc> {
    start_of_time() + TimeDelta::nanoseconds(nanoseconds)
}

/// The clocks of the world, as far as anybody in these sequences has one.
#[derive(Debug)]
struct Clocks;

impl Zones for Clocks {
    fn local(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        Some(at.naive_utc() + TimeDelta::minutes(offset(zone.as_str(), nanoseconds(at))?))
    }
}

/// The host's own rules, each under its code (B17).
#[derive(Debug)]
struct HostSays(&'static str);

impl HostRule for HostSays {
    fn code(&self) -> HostCode {
        HostCode::parse(self.0).unwrap()
    }

    fn check(&self, ask: &Ask<'_>, _now: DateTime<Utc>) -> Option<HostReason> {
        let against = match ask {
            Ask::Start { agent, entry_point, to, .. } => {
                let no = host::why_not_started(agent.id().as_str(), entry_point.id().as_str(), &address_of(to));
                no.into_iter().collect()
            }
            Ask::Send { agent, conversation, content } => host::why_not_sent(
                agent.id().as_str(),
                &address_of(conversation.address()),
                Some(content.body.expose()),
            ),
            Ask::Transfer { agent, conversation, to, .. } => {
                let to = to.map(|to| to.id().as_str());
                let no = host::why_not_transferred(agent.id().as_str(), &address_of(conversation.address()), to);
                no.into_iter().collect()
            }
            _ => Vec::new(),
        };
        let reason = || HostReason { says: self.0.to_owned(), remedy: "ask Ana".to_owned(), retry: Retry::Never };
        against.contains(&self.0).then(reason)
    }
}

/// The set-up of the tests, with every number that the model needs, and goodbye in its templates.
fn first() -> Value {
    let mut setup = serde_json::to_value(acme()).unwrap();
    setup["organization"]["timings"]["delivery"]["max_attempts"] = 3.into();
    setup["organization"]["timings"]["delivery"]["max_retry_seconds"] = 8.into();
    let goodbye = r#"{"id":"goodbye","name":"Goodbye","channel":"sms","version":1,"body":"No more from us."}"#;
    setup["templates"].as_array_mut().unwrap().push(serde_json::from_str(goodbye).unwrap());
    setup
}

fn keep(list: &mut Value, keeps: impl Fn(&Value) -> bool) {
    list.as_array_mut().unwrap().retain(keeps);
}

/// One change of the set-up, by its number.
fn change(setup: &mut Value, number: u8) {
    match number % 32 {
        0 | 13 => {
            for profile in setup["profiles"].as_array_mut().unwrap() {
                for class in ["email", "social", "chat"] {
                    if profile["limits"][class]["slots"].as_u64() > Some(1) {
                        profile["limits"][class]["slots"] = 1.into();
                    }
                    profile["limits"][class].as_object_mut().map(|it| it.remove("outbound"));
                }
            }
        }
        1 | 21 => keep(&mut setup["agents"], |it| it["id"] != "ana"),
        2 | 22 => keep(&mut setup["agents"], |it| it["id"] != "bruno"),
        3 | 14 => keep(&mut setup["agents"], |it| it["id"] == "hugo" || it["id"] == "carla"),
        4 | 15 => {
            keep(&mut setup["entry_points"], |it| it["id"] != "sms_sales");
            keep(&mut setup["queues"], |it| it["id"] != "sales_queue");
        }
        5 => keep(&mut setup["entry_points"], |it| it["channel"] != "sms"),
        6 => setup["entry_points"][0]["enabled"] = false.into(),
        7 => setup["organization"]["digital_channels"] = false.into(),
        8 | 16 => setup["organization"]["conflict_scope"] = "address".into(),
        9 => setup["organization"]["consent"]["scope"] = "channel".into(),
        10 | 17 => setup["organization"]["consent"]["scope"] = "organization".into(),
        11 | 18 => setup["organization"]["consent"]["confirmation"] = "goodbye".into(),
        12 => {
            for agent in setup["agents"].as_array_mut().unwrap() {
                agent["profile"] = "no_sms".into();
            }
        }
        19 => setup["organization"]["max_transfers"] = 1.into(),
        20 => setup["profiles"].as_array_mut().unwrap().iter_mut().for_each(|it| {
            it["blending"] = "exclusive".into();
        }),
        23 => setup["organization"]["timings"]["wrap_up"]["max_extensions"] = 2.into(),
        24 | 25 => {
            let night = json!([{"from": "21:00", "to": "08:00"}]);
            setup["organization"]["quiet_hours"] =
                json!({"mode": "refuse", "sms": {"windows": night}, "overridable": number % 32 == 24});
        }
        26 | 27 => {
            let night = json!([{"from": "10:15", "to": "11:30"}, {"days": ["mon", "wed", "sat"], "from": "22:00", "to": "09:30"}]);
            setup["organization"]["quiet_hours"] = json!({
                "mode": "defer", "sms": {"windows": night}, "email": {"windows": night},
                "assumed_zones": ["UTC", "America/Sao_Paulo"], "answers_exempt_minutes": 20,
                "overridable": number % 32 == 26,
            });
        }
        28 => {
            let night = json!([{"days": ["sun"], "from": "00:00", "to": "24:00"}, {"from": "19:45", "to": "12:00"}]);
            setup["organization"]["quiet_hours"] =
                json!({"mode": "defer", "sms": {"windows": night}, "email": {"windows": night}});
        }
        29 => {
            setup["organization"]["caps"] =
                json!({"limits": [{"count": 2, "within_seconds": 600}], "overridable": true})
        }
        30 => {
            setup["organization"]["caps"] = json!({
                "limits": [{"count": 3, "within_seconds": 86_400}, {"count": 1, "within_seconds": 30}],
                "answers_exempt_minutes": 10,
            });
        }
        31 => {
            for queue in setup["queues"].as_array_mut().unwrap().iter_mut().filter(|it| it["id"] == "sales_queue") {
                queue["channels"] = json!(["sms", "email"]);
            }
        }
        _ => {}
    }
}

impl Both {
    pub fn new() -> Self {
        let first = first();
        let setup: CrateSetup = serde_json::from_value(first.clone()).unwrap();
        let model = Model::new(serde_json::from_value(first.clone()).unwrap());
        let mut terms = Terms::new(Directory::new(setup).expect("the set-up is sound"), ShapeOnly).with_zones(Clocks);
        for code in ["acme.not_iris", "acme.no_promises", "acme.not_bruno", "acme.stays"] {
            terms = terms.with_rule(HostSays(code));
        }
        let floor = Floor::under(terms).audited();
        let (conversations, messages, offers) = Default::default();
        Self {
            model,
            floor,
            first,
            ids: vec![],
            conversations,
            messages,
            offers,
            trace: vec![],
            tally: BTreeMap::new(),
            answers: BTreeMap::new(),
            refused: 0,
            repeats: false,
            promises: RefCell::default(),
        }
    }

    pub fn play(&mut self, it: &Move) {
        match it.what {
            What::Pass => {
                self.pass(seconds(it.a) * SECOND);
                if it.b % 4 != 3 {
                    self.fire();
                }
            }
            What::Pump => self.pump(usize::from(it.a % 4) + 1, it.b),
            What::SetUp => {
                self.set_up(&[it.a, it.b, it.c]);
                if it.d % 4 != 3 {
                    self.rehome();
                }
            }
            What::Deadline => self.deadline(it),
            What::Hops => self.hops(it),
            What::Attempts => self.attempts(it),
            What::Wishes => self.wishes(it),
            What::Keywords => self.keywords(it),
            What::Fill => self.fill(it),
            What::Extensions => self.extensions(it),
            What::Lost => self.lost(it),
            What::Subjects => self.subjects(it),
            What::Homes => self.homes(it),
            What::Names => self.names(it),
            What::Rona => self.rona(it),
            _ => {
                self.model.step = self.ids.len();
                if let Some(command) = it.command(&self.model) {
                    self.run(&command, it.again);
                }
            }
        }
    }

    /// The model as it will be when the next command comes.
    pub fn about_to(&self) -> Model {
        Model { step: self.ids.len(), ..self.model.clone() }
    }

    /// Every invariant of the crate's own.
    pub fn check(&self) {
        self.floor.check();
    }

    /// Time passes.
    fn pass(&mut self, nanoseconds: i64) {
        self.floor.clock.advance(TimeDelta::nanoseconds(nanoseconds));
        self.model.now += nanoseconds;
        let (seconds, rest) = (nanoseconds / SECOND, nanoseconds % SECOND / TICK);
        self.trace.push(format!("{seconds} s and {rest} µs pass"));
    }

    /// The time comes, if it is not over; the clock shows it from its next tick on.
    pub fn go_to(&mut self, at: i64) {
        let at = (at + TICK - 1).div_euclid(TICK) * TICK;
        if at > self.model.now {
            self.pass(at - self.model.now);
        }
    }

    /// Everything that is due is fired, in its order.
    pub fn fire(&mut self) {
        let mut due: Vec<(i64, Cmd)> = Vec::new();
        for of in &self.model.conversations {
            if let Some(at) = Model::deadline(of) {
                due.push((at, Cmd::FireConversation { conversation: of.id }));
            }
        }
        for of in &self.model.presences {
            let deadlines = of.slots.iter().filter_map(|slot| match slot.held {
                Held::WrapUp { deadline, .. } => Some(deadline),
                _ => None,
            });
            due.extend(deadlines.min().map(|at| (at, Cmd::FireAgent { agent: of.agent.clone() })));
        }
        due.retain(|(at, _)| *at <= self.model.now);
        due.sort_by_key(|(at, _)| *at);
        for (_, command) in due {
            self.run(&command, false);
        }
    }

    /// Some of what is due in the outbox is sent, and the provider answers.
    pub fn pump(&mut self, limit: usize, answers: u8) {
        let is_due = |it: &&crate::model::Message| match it.step {
            Step::Due(at) | Step::Claimed(at) => at <= self.model.now,
            _ => false,
        };
        let due: Vec<usize> = self.model.messages.iter().filter(is_due).map(|it| it.id).take(limit).collect();
        for (message, number) in due.into_iter().zip(0_u8..) {
            self.run(&Cmd::Claim { message }, false);
            let of = self.model.message(message).clone();
            if matches!(of.step, Step::Claimed(_)) {
                let provider = provider(answers.wrapping_add(number), message);
                self.run(&Cmd::Attempt { message, attempt: of.attempts, provider }, false);
            }
        }
    }

    /// Another set-up: the first one with some changes.
    pub fn set_up(&mut self, changes: &[u8]) {
        let mut setup = self.first.clone();
        for number in changes {
            change(&mut setup, *number);
        }
        let changes: Vec<u8> = changes.iter().map(|it| it % 32).collect();
        self.trace.push(format!("set-up changes {changes:?}"));
        let mine: Setup = serde_json::from_value(setup.clone()).unwrap();
        let theirs: CrateSetup = serde_json::from_value(setup).unwrap();
        let directory = Directory::new(theirs).expect("the set-up is sound");
        self.floor.desk.replace_directory(directory).expect("it is the same organization's");
        self.promises.get_mut().set_up_changed();
        self.model.setup = mine;
    }

    /// What nobody of the set-up holds any more gets a new home.
    fn rehome(&mut self) {
        let open: Vec<usize> = self.model.conversations.iter().filter(|it| !it.closed).map(|it| it.id).collect();
        for conversation in open {
            self.run(&Cmd::Rehome { conversation }, false);
        }
    }

    /// One command, for both.
    pub fn run(&mut self, command: &Cmd, again: bool) {
        let (number, id) = (self.ids.len(), self.floor.id());
        self.ids.push(id);
        self.conversations.insert(ConversationId::of(id), number);
        self.messages.insert(MessageId::of(id), number);
        self.offers.insert(OfferId::of(id), number);
        self.model.step = number;
        self.model.rank = ConversationId::of(id).to_string();
        self.trace.push(format!("{number}: {command:?}"));

        let expected = self.model.apply(command).map_err(|no| no.into_iter().map(str::to_owned).collect());
        let outcome = self.execute(command, id);
        assert_eq!(outcome, expected, "crate (left) and model (right) answer alike");
        let name = format!("{command:?}").split(' ').next().unwrap_or_default().to_owned();
        let tally = self.tally.entry(name).or_default();
        *tally = (tally.0 + 1, tally.1 + usize::from(outcome.is_ok()));
        match &outcome {
            Ok(Answer::Done) => {}
            Ok(Answer::Claimed(ended)) => self.count(ended),
            Ok(answer) => self.count(format!("{answer:?}").split([' ', '(']).next().unwrap_or_default()),
            Err(no) => no.iter().for_each(|code| self.count(code)),
        }
        let world = self.compare(command);
        let recorded = refusals(&world);
        self.refused += usize::from(outcome.is_err());
        assert_eq!(recorded.len(), self.refused, "each refusal is on record, and nothing else");
        if let Err(no) = &outcome {
            let mine = recorded.into_iter().find(|it| it.command == id).expect("the refusal of this command");
            assert_eq!(codes(&mine.refusals), *no, "with every reason");
        }
        self.promises.get_mut().check(&self.floor);
        if again {
            self.repeats = true;
            let repeated = self.execute(command, id);
            self.repeats = false;
            // What was fired is over.
            let is_over = matches!(command, Cmd::FireConversation { .. } | Cmd::FireAgent { .. });
            assert!(is_over || repeated == outcome, "a repetition answers alike: {repeated:?}, {outcome:?}");
            let after = self.floor.world();
            assert!(without_refusals(&after).eq(without_refusals(&world)), "a command done twice is done once");
            self.refused = refusals(&after).len();
        }
    }

    fn count(&mut self, what: &str) {
        *self.answers.entry(what.to_owned()).or_default() += 1;
    }

    fn conversation_id(&self, number: usize) -> ConversationId {
        ConversationId::of(self.id_of(number))
    }

    fn message_id(&self, number: usize) -> MessageId {
        let known = self.messages.iter().find(|(_, it)| **it == number).map(|(id, _)| *id);
        known.unwrap_or_else(|| MessageId::of(self.id_of(number)))
    }

    fn offer_id(&self, number: usize) -> OfferId {
        OfferId::of(self.id_of(number))
    }

    fn id_of(&self, number: usize) -> CommandId {
        self.ids.get(number).copied().unwrap_or_else(|| command_id(start_of_time(), 0))
    }

    fn seen(&self, seen: &Seen) -> CrateSeen {
        match seen {
            Seen::NotTold => CrateSeen::NotTold,
            Seen::Nothing => CrateSeen::Nothing,
            Seen::UpTo(message) => CrateSeen::UpTo(self.message_id(*message)),
        }
    }

    /// Gives a command to the crate.
    fn execute(&self, command: &Cmd, number: CommandId) -> Result<Answer, BTreeSet<String>> {
        let conversation_of = |it: &usize| self.conversation_id(*it);
        match command {
            Cmd::SignIn { agent, team, idle } => {
                self.tell(number, &SignIn { agent: id(agent), team: id(team), state: chosen(idle) })
            }
            Cmd::SignOut { agent, requeue } => {
                let unfinished = if *requeue { Unfinished::Requeue } else { Unfinished::Refuse };
                self.tell(number, &SignOut { agent: id(agent), unfinished })
            }
            Cmd::SetState { agent, class: of, idle } => {
                let command = SetState { agent: id(agent), class: of.as_deref().map(class), state: chosen(idle) };
                self.tell(number, &command)
            }
            Cmd::Recover { agent, idle } => {
                self.tell(number, &RecoverFromRona { agent: id(agent), state: chosen(idle) })
            }
            Cmd::Begin { agent, class: of, interaction, offered } => {
                let how = if *offered { InteractionHow::Offered } else { InteractionHow::SelfStarted };
                let command =
                    BeginInteraction { agent: id(agent), class: class(of), interaction: id(interaction), how };
                self.tell(number, &command)
            }
            Cmd::End { agent, interaction } => {
                self.tell(number, &EndInteraction { agent: id(agent), interaction: id(interaction) })
            }
            Cmd::Start { agent, channel, entry_point, to, customer, conflict } => {
                let command = StartOutbound {
                    agent: id(agent),
                    channel: agent_channel(channel),
                    entry_point: id(entry_point),
                    to: to.as_str().into(),
                    customer: customer.as_deref().map(id),
                    on_conflict: match *conflict {
                        "refuse" => OnConflict::Refuse,
                        "take_over" => OnConflict::TakeOver,
                        _ => OnConflict::AskHolder,
                    },
                };
                self.tell(number, &command)
            }
            Cmd::Receive { entry_point, from, provider, text, subject, customer } => {
                let mut command = inbound(entry_point, from, provider, text);
                command.subject = subject.clone().map(Private::new);
                command.customer = customer.as_deref().map(id);
                self.tell(number, &command)
            }
            Cmd::Send { agent, conversation, text, subject, seen, not_after, because } => {
                let mut command =
                    SendMessage::new(id(agent), conversation_of(conversation), Wording::text(text.as_str()));
                command.subject = subject.clone().map(Private::new);
                command.seen = self.seen(seen);
                command.not_after = not_after.map(time);
                command.override_reason = because.map(id);
                self.tell(number, &command)
            }
            Cmd::Retry { agent, message, seen, because } => {
                let mut command = RetryMessage::new(id(agent), self.message_id(*message));
                command.seen = self.seen(seen);
                command.override_reason = because.map(id);
                self.tell(number, &command)
            }
            Cmd::Close { agent, conversation } => {
                let by = agent.as_ref().map_or(By::Host, |agent| By::Agent(id(agent)));
                self.tell(number, &Close { by, conversation: conversation_of(conversation) })
            }
            Cmd::Transfer { agent, conversation, to } => {
                let to = match to {
                    To::Agent(agent) => Target::Agent(id(agent)),
                    To::Queue(queue) => Target::Queue(id(queue)),
                };
                self.tell(number, &Transfer { agent: id(agent), conversation: conversation_of(conversation), to })
            }
            Cmd::Cancel { agent, conversation } => {
                self.tell(number, &CancelTransfer { agent: id(agent), conversation: conversation_of(conversation) })
            }
            Cmd::Accept { agent, conversation, offer } => {
                let (conversation, offer) = (conversation_of(conversation), self.offer_id(*offer));
                self.tell(number, &Accept { agent: id(agent), conversation, offer })
            }
            Cmd::Decline { agent, conversation, offer } => {
                let (conversation, offer) = (conversation_of(conversation), self.offer_id(*offer));
                self.tell(number, &Decline { agent: id(agent), conversation, offer })
            }
            Cmd::AnswerHandover { agent, conversation, request, give } => {
                let (conversation, request) = (conversation_of(conversation), self.offer_id(*request));
                self.tell(number, &AnswerHandover { agent: id(agent), conversation, request, give: *give })
            }
            Cmd::Park { agent, conversation, until, queue } => {
                let (conversation, queue) = (conversation_of(conversation), queue.as_deref().map(id));
                self.tell(number, &Park { agent: id(agent), conversation, until: time(*until), queue })
            }
            Cmd::Wake { conversation } => self.tell(number, &Wake { conversation: conversation_of(conversation) }),
            Cmd::Rehome { conversation } => self.tell(number, &Rehome { conversation: conversation_of(conversation) }),
            Cmd::Workflow { agent, conversation, workflow } => {
                let conversation = conversation_of(conversation);
                self.tell(number, &TriggerWorkflow { agent: id(agent), conversation, workflow: id(workflow) })
            }
            Cmd::Conference { agent, conversation } => {
                self.tell(number, &Conference { agent: id(agent), conversation: conversation_of(conversation) })
            }
            Cmd::WrapUp { agent, conversation, reason } => {
                let conversation = conversation_of(conversation);
                self.tell(number, &WrapUp { agent: id(agent), conversation, reason: id(reason) })
            }
            Cmd::Extend { agent, conversation } => {
                self.tell(number, &ExtendWrapUp { agent: id(agent), conversation: conversation_of(conversation) })
            }
            Cmd::Route { queue, agent } => {
                self.tell(number, &RouteNext { queue: id(queue), agent: agent.as_deref().map(id) })
            }
            Cmd::FireConversation { conversation } => {
                self.tell(number, &FireDue { at: Key::conversation(conversation_of(conversation)) })
            }
            Cmd::FireAgent { agent } => self.tell(number, &FireDue { at: Key::presence(&id(agent)) }),
            Cmd::Claim { message } => self.tell(number, &ClaimDispatch { message: self.message_id(*message) }),
            Cmd::Attempt { message, attempt, provider } => {
                let result = match provider {
                    Provider::Takes(further) => {
                        let accepted = SendResult::accepted(id(&crate::model::name_of(*message)));
                        further.iter().fold(accepted, |accepted, name| accepted.known_as(id(name)))
                    }
                    Provider::Transient(of, seconds) => {
                        let until = self.floor.now() + TimeDelta::seconds(*seconds);
                        SendResult::transient(cause(of), of).not_before(until)
                    }
                    Provider::Permanent(of) => SendResult::permanent(cause(of), of),
                };
                let attempt = u16::try_from(*attempt).unwrap();
                self.tell(number, &RecordAttempt { message: self.message_id(*message), attempt, result })
            }
            Cmd::Report { entry_point, provider, status, problem } => {
                let status = match *status {
                    "sent" => ReceiptStatus::Sent,
                    "failed" => ReceiptStatus::Failed,
                    "delivered" => ReceiptStatus::Delivered,
                    _ => ReceiptStatus::Read,
                };
                let problem = problem.map(|it| Problem::new(cause(it), it));
                self.tell(
                    number,
                    &ReportDelivery { entry_point: id(entry_point), provider: id(provider), status, problem },
                )
            }
            Cmd::Consent { agent, channel, address, change, about, customer } => {
                let change = match change {
                    Change::OptOut => ConsentChange::OptOut,
                    Change::OptIn => ConsentChange::OptIn,
                    Change::Suppress(until) => ConsentChange::Suppress { until: until.map(time) },
                    Change::Lift => ConsentChange::Lift,
                };
                let command = SetConsent {
                    by: agent.as_ref().map_or(By::Host, |agent| By::Agent(id(agent))),
                    channel: agent_channel(channel),
                    address: address.as_str().into(),
                    change,
                    entry_point: about.as_deref().map(id),
                    customer: customer.as_deref().map(id),
                    reason: None,
                };
                self.tell(number, &command)
            }
            Cmd::Zone { channel, address, zone, customer } => {
                let command = SetZone {
                    by: By::Host,
                    channel: agent_channel(channel),
                    address: address.as_str().into(),
                    zone: zone.as_deref().map(|zone| ZoneId::parse(zone).unwrap()),
                    customer: customer.as_deref().map(id),
                };
                self.tell(number, &command)
            }
        }
    }

    /// What the crate answers, in the model's words.
    fn tell<C: Command + Clone + 'static>(&self, number: CommandId, command: &C) -> Result<Answer, BTreeSet<String>>
    where
        C::Output: Debug,
    {
        let explained = self.floor.explain(command).verdict;
        let told: Told = match self.floor.desk.run(number, command) {
            Ok(output) => {
                assert!(self.repeats || explained == Verdict::Allowed, "what is done is explained as allowed");
                output.into()
            }
            Err(Failure::Refused(refusals)) => {
                assert_eq!(explained, Verdict::Refused((*refusals).clone()), "it is explained as it is refused");
                self.promises.borrow_mut().note(&self.floor, command, &refusals);
                return Err(codes(&refusals));
            }
            Err(other) => panic!("{command:?}: {other:?}"),
        };
        Ok(match told {
            Told::Started(started) => match started.how {
                StartedHow::Opened => Answer::Opened,
                StartedHow::TookOver => Answer::TookOver,
                StartedHow::HandoverAsked(_) => Answer::Asked,
            },
            Told::Sent(sent) => {
                Answer::Sent { number: sent.number as usize, not_before: sent.not_before.map(nanoseconds) }
            }
            Told::Received(received) => Answer::Received {
                message: self.messages.get(&received.message).copied().unwrap_or(NOBODY),
                conversation: self.conversations[&received.conversation],
                opened: received.opened,
                duplicate: received.duplicate,
            },
            Told::Offered(offered) | Told::Transferred(Transferred::Asked(offered)) => Answer::Offered {
                conversation: self.conversations[&offered.conversation],
                to: offered.to.to_string(),
                expires: nanoseconds(offered.expires),
            },
            Told::Transferred(Transferred::Queued(queue)) => Answer::Queued(queue.to_string()),
            Told::Answered(Answered::Taken) => Answer::Taken,
            Told::Answered(Answered::Declined) => Answer::Declined,
            Told::Answered(Answered::Withdrawn(reasons)) => {
                Answer::Withdrawn(reasons.codes().iter().map(|code| code.as_str().to_owned()).collect())
            }
            Told::Reported(Reported::Advanced(status)) => Answer::Advanced(status.to_string()),
            Told::Reported(Reported::OldNews(status)) => Answer::OldNews(status.to_string()),
            Told::Reported(Reported::Early) => Answer::Early,
            Told::Fired(fired) => Answer::Fired(fired.what.len()),
            Told::Claimed(Claimed::Send(dispatch)) => {
                Answer::ToBeSent { attempt: usize::from(dispatch.attempt), not_after: nanoseconds(dispatch.not_after) }
            }
            Told::Claimed(Claimed::Deferred { until }) => Answer::Deferred(nanoseconds(until)),
            Told::Claimed(Claimed::Expired) => Answer::Claimed("expired"),
            Told::Claimed(Claimed::Refused(_)) => Answer::Claimed("refused"),
            Told::Claimed(Claimed::GivenUp) => Answer::Claimed("given up"),
            _ => Answer::Done,
        })
    }

    /// What is to be seen of both is the same.
    fn compare(&mut self, command: &Cmd) -> World {
        let world = self.floor.world();
        for sent in world.messages() {
            if sent.author() == Some(&Author::System) && !self.messages.contains_key(&sent.id()) {
                let (of, number) = (self.conversations[&sent.conversation()], sent.draft().number as usize);
                let same =
                    |it: &&crate::model::Message| it.confirmation && it.conversation == of && it.number == number;
                let mine = self.model.messages.iter().find(same).expect("a confirmation that the model knows of");
                self.messages.insert(sent.id(), mine.id);
            }
        }
        if let Cmd::Attempt { message, provider: Provider::Transient(..), .. } = command {
            self.take_the_spread(&world, *message);
        }
        let theirs = self.of_world(&world);
        let mine = of_model(&self.model);
        if theirs != mine {
            let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
                these.difference(those).map(|it| format!("  {it}\n")).collect::<String>()
            };
            panic!("crate:\n{}model:\n{}", only(&theirs, &mine), only(&mine, &theirs));
        }
        world
    }

    /// B10: the wait before another attempt is up to a quarter longer than told, as the crate pleases.
    fn take_the_spread(&mut self, world: &World, message: usize) {
        let id = self.message_id(message);
        let (Some(theirs), now) = (world.messages().find(|it| it.id() == id), self.model.now) else { return };
        let Some(mine) = self.model.messages.iter_mut().find(|it| it.id == message) else { return };
        if let (CrateStep::Due { at }, Step::Due(due)) = (&theirs.delivery().step, &mut mine.step) {
            let (at, most) = (nanoseconds(*at), *due + (*due - now) / 4);
            if *due <= at && at <= most && at <= mine.not_after {
                *due = at;
            }
        }
    }

    fn conversation(&self, id: ConversationId) -> usize {
        self.conversations[&id]
    }

    fn message(&self, id: MessageId) -> usize {
        self.messages.get(&id).copied().unwrap_or(NOBODY)
    }

    fn of_world(&self, world: &World) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        let customers: Vec<(String, String)> =
            world.contacts().map(|it| (it.customer().to_string(), address_of(it.address()))).collect();
        for it in world.presences() {
            lines.insert(self.of_presence(it));
        }
        for it in world.conversations() {
            let offer = |offer: &outbound::model::Offer| {
                (self.offers[&offer.id], offer.to.to_string(), nanoseconds(offer.expires))
            };
            let task = match it.state() {
                TaskState::Queued { queue, since } => format!("queued in {queue} since {}", nanoseconds(*since)),
                TaskState::Offered { queue: Some(queue), since, offer: to } => {
                    format!("offered from {queue} since {}: {:?}", nanoseconds(*since), offer(to))
                }
                TaskState::Offered { queue: None, .. } => "offered from nowhere".to_owned(),
                TaskState::Active { agent, since, asked } => {
                    let asked =
                        asked.as_ref().map(|it| (self.offers[&it.id], it.by.to_string(), nanoseconds(it.expires)));
                    format!("active by {agent} since {} asked {asked:?}", nanoseconds(*since))
                }
                TaskState::Frozen { agent, since, transfer } => {
                    format!("frozen by {agent} since {}: {:?}", nanoseconds(*since), offer(transfer))
                }
                TaskState::Parked { by, queue, until } => {
                    format!("parked by {by} for {queue} until {}", nanoseconds(*until))
                }
                TaskState::WrapUp { agent } => format!("wrapped up by {agent}"),
                TaskState::Done => "done".to_owned(),
            };
            let holder = match it.state().holder() {
                Some(Holder::Agent(agent)) => format!("agent {agent}"),
                Some(Holder::Queue(queue)) => format!("queue {queue}"),
                Some(Holder::Parking(agent)) => format!("parking {agent}"),
                None => "nobody".to_owned(),
            };
            let legs: Vec<_> = it
                .legs()
                .iter()
                .map(|leg| (leg.agent.to_string(), leg.wrap_up.as_ref().map(|it| it.reason.to_string())))
                .collect();
            let unsettled: Vec<usize> = it.unsettled().iter().map(|it| self.message(*it)).collect();
            lines.insert(format!(
                "conversation {} on {} {} {} of {} outbound {} after {:?}: {task}; held by {holder}; hops {} closed {} subject {:?} messages {} newest {:?} unsettled {unsettled:?} legs {legs:?}",
                self.conversation(it.id()),
                it.channel(),
                it.entry_point(),
                address_of(it.address()),
                customer_of(&it.customer().to_string(), &customers),
                it.is_outbound(),
                it.previous().map(|it| self.conversation(it)),
                it.task().hops,
                it.is_closed(),
                it.subject().map(|it| it.normalised().to_string()),
                it.messages(),
                it.last_inbound().map(|it| self.message(it)),
            ));
        }
        for it in world.contacts() {
            let mut wishes: Vec<_> = it
                .consents()
                .iter()
                .map(|it| {
                    (
                        it.entry_point.as_ref().map(ToString::to_string),
                        it.wish == CrateWish::OptedOut,
                        nanoseconds(it.at),
                    )
                })
                .collect();
            wishes.sort();
            let mut threads: Vec<_> = it
                .threads()
                .iter()
                .map(|it| {
                    (it.entry_point.to_string(), it.open.map(|it| self.conversation(it)), self.conversation(it.latest))
                })
                .collect();
            threads.sort();
            let suppressions = it.suppressions().iter();
            let suppressed: BTreeMap<_, _> =
                suppressions.map(|it| (matches!(it.by, ToldBy::Provider { .. }), nanoseconds(it.until))).collect();
            lines.insert(format!(
                "contact {} of {}: threads {threads:?} wishes {wishes:?} suppressed {suppressed:?} zone {:?}",
                address_of(it.address()),
                customer_of(&it.customer().to_string(), &customers),
                it.zone().map(ZoneId::as_str),
            ));
        }
        for it in world.customers() {
            if let Some(consent) = it.consent() {
                let who = customer_of(&it.id().to_string(), &customers);
                lines.insert(format!(
                    "customer {who} out {} at {}",
                    consent.wish == CrateWish::OptedOut,
                    nanoseconds(consent.at)
                ));
            }
        }
        for it in world.customers().filter(|it| !it.written().is_empty()) {
            let written: Vec<i64> = it.written().iter().copied().map(nanoseconds).collect();
            lines.insert(format!(
                "customer {} written to at {written:?}",
                customer_of(&it.id().to_string(), &customers)
            ));
        }
        for it in world.messages() {
            lines.insert(self.of_message(it));
        }
        for it in world.records() {
            if let Record::Reference(it) = &it.record {
                let early = it.early.as_ref().map(|it| it.status.as_str());
                let message = it.message.map(|it| self.message(it));
                let of = (it.received, it.provider.as_str(), it.entry_point.as_str());
                lines.insert(format!("name {of:?}: {message:?} {early:?}"));
            }
        }
        lines
    }

    fn of_presence(&self, it: &Presence) -> String {
        let states: Vec<_> = CLASSES
            .iter()
            .filter_map(|of| it.state(class(of)))
            .map(|standing| {
                let state = match &standing.state {
                    State::Available => "available".to_owned(),
                    State::Rona => "rona".to_owned(),
                    State::Idle(reason) => format!("idle {reason}"),
                };
                (state, nanoseconds(standing.since))
            })
            .collect();
        let slots: Vec<_> = it
            .slots()
            .iter()
            .map(|slot| {
                let held = match &slot.occupant {
                    Occupant::Offer { conversation, .. } => Held::Offer(self.conversation(*conversation)),
                    Occupant::Task { conversation } => Held::Task(self.conversation(*conversation)),
                    Occupant::WrapUp { conversation, deadline, extensions } => Held::WrapUp {
                        conversation: self.conversation(*conversation),
                        deadline: nanoseconds(*deadline),
                        extensions: usize::from(*extensions),
                    },
                    Occupant::Interaction { interaction } => Held::Interaction(interaction.as_str().to_owned()),
                };
                (slot.class.as_str().to_owned(), slot.outbound, held)
            })
            .collect();
        let team = it.session().map(|it| it.team.to_string());
        let transferring = it.transferring().map(|it| self.conversation(it));
        format!("agent {} in {team:?}: {states:?} {slots:?} transferring {transferring:?}", it.agent())
    }

    fn of_message(&self, it: &Sent) -> String {
        let delivery = it.delivery();
        let step = match delivery.step {
            CrateStep::Waiting => Step::Waiting,
            CrateStep::Due { at } => Step::Due(nanoseconds(at)),
            CrateStep::Claimed { until, .. } => Step::Claimed(nanoseconds(until)),
            CrateStep::Settled => Step::Settled,
        };
        let grounds = it.basis().map(|basis| {
            let hours = match basis.hours {
                HoursBasis::Open => Hours::Open,
                HoursBasis::Deferred { until } => Hours::Deferred(nanoseconds(until)),
                HoursBasis::Answer { until } => Hours::Answer(nanoseconds(until)),
                HoursBasis::Overridden => Hours::Overridden,
                HoursBasis::Exempt => Hours::Exempt,
                _ => Hours::NotSetUp,
            };
            let caps = match basis.caps {
                CapsBasis::Within => "within",
                CapsBasis::Answer => "answer",
                CapsBasis::Overridden => "overridden",
                CapsBasis::Exempt => "exempt",
                _ => "not set up",
            };
            let consent = match &basis.consent {
                ConsentBasis::OptedIn { at, .. } => format!("yes at {}", nanoseconds(*at)),
                ConsentBasis::Answer { to, at } => format!("answer to {} at {}", self.message(*to), nanoseconds(*at)),
                ConsentBasis::Confirmation => "confirmation".to_owned(),
                _ => "no objection".to_owned(),
            };
            (hours, caps, consent)
        });
        format!(
            "message {} is {} of {} at {} with {}: {} {step:?} attempts {} accepted {} retried {:?} from {:?} until {:?} on {grounds:?}",
            self.message(it.id()),
            it.draft().number,
            self.conversation(it.conversation()),
            it.draft().entry_point,
            address_of(&it.draft().address),
            it.status(),
            delivery.attempts,
            delivery.provider.is_some(),
            delivery.retried.map(|it| self.message(it)),
            it.not_before().map(nanoseconds),
            it.not_after().map(nanoseconds),
        )
    }
}

/// Why not, as codes.
fn codes(refusals: &Refusals) -> BTreeSet<String> {
    refusals.codes().iter().map(|code| code.as_str().to_owned()).collect()
}

fn without_refusals(world: &World) -> impl Iterator<Item = &Versioned> {
    world.records().filter(|it| !matches!(it.record, Record::Refused(_)))
}

/// What was refused and written down (B14).
fn refusals(world: &World) -> Vec<&RefusedAttempt> {
    let refused = world.records().filter_map(|it| match &it.record {
        Record::Refused(attempt) => Some(&**attempt),
        _ => None,
    });
    refused.collect()
}

/// An address in the model's one form.
fn address_of(it: &Address) -> String {
    match it {
        Address::Sms(number) => address("sms", &number.to_text()).unwrap(),
        Address::Email(email) => address("email", email.as_typed()).unwrap(),
    }
}

/// A customer by name, or by the first of the addresses where they were met.
fn customer_of(id: &str, customers: &[(String, String)]) -> String {
    if id.starts_with("cust-") {
        return id.to_owned();
    }
    let met = customers.iter().filter(|it| it.0 == id).map(|it| it.1.as_str()).min();
    format!("somebody at {}", met.unwrap_or("no address"))
}

fn of_model(model: &Model) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let customers: Vec<(String, String)> =
        model.contacts.iter().map(|it| (it.customer.clone(), it.address.clone())).collect();
    for it in &model.presences {
        let states: &[(String, i64)] = if it.team.is_some() { &it.states } else { &[] };
        let slots: Vec<_> = it.slots.iter().map(|it| (it.class.clone(), it.outbound, it.held.clone())).collect();
        lines.insert(format!(
            "agent {} in {:?}: {states:?} {slots:?} transferring {:?}",
            it.agent, it.team, it.transferring
        ));
    }
    for it in &model.conversations {
        let offer = |offer: &crate::model::Offer| (offer.id, offer.to.clone(), offer.expires);
        let (task, holder) = match &it.task {
            Task::Queued { queue, since } => (format!("queued in {queue} since {since}"), format!("queue {queue}")),
            Task::Offered { queue, since, offer: to } => {
                (format!("offered from {queue} since {since}: {:?}", offer(to)), format!("queue {queue}"))
            }
            Task::Active { agent, since, asked } => (
                format!("active by {agent} since {since} asked {:?}", asked.as_ref().map(offer)),
                format!("agent {agent}"),
            ),
            Task::Frozen { agent, since, transfer } => {
                (format!("frozen by {agent} since {since}: {:?}", offer(transfer)), format!("agent {agent}"))
            }
            Task::Parked { by, queue, until } => {
                (format!("parked by {by} for {queue} until {until}"), format!("parking {by}"))
            }
            Task::WrapUp { agent } => (format!("wrapped up by {agent}"), "nobody".to_owned()),
            Task::Done => ("done".to_owned(), "nobody".to_owned()),
        };
        lines.insert(format!(
            "conversation {} on {} {} {} of {} outbound {} after {:?}: {task}; held by {holder}; hops {} closed {} subject {:?} messages {} newest {:?} unsettled {:?} legs {:?}",
            it.id,
            it.channel,
            it.entry_point,
            it.address,
            customer_of(&it.customer, &customers),
            it.outbound,
            it.previous,
            it.hops,
            it.closed,
            it.subject,
            it.messages,
            it.newest_inbound,
            it.unsettled,
            it.legs,
        ));
    }
    for it in &model.contacts {
        let mut wishes: Vec<_> = it.wishes.iter().map(|it| (it.about.clone(), it.out, it.at)).collect();
        wishes.sort();
        let mut threads: Vec<_> = it.threads.iter().map(|it| (it.entry_point.clone(), it.open, it.latest)).collect();
        threads.sort();
        let suppressed = &it.suppressed;
        lines.insert(format!(
            "contact {} of {}: threads {threads:?} wishes {wishes:?} suppressed {suppressed:?} zone {:?}",
            it.address,
            customer_of(&it.customer, &customers),
            it.zone,
        ));
    }
    for (who, written) in &model.written {
        lines.insert(format!("customer {} written to at {written:?}", customer_of(who, &customers)));
    }
    for (who, wish) in &model.customers {
        lines.insert(format!("customer {} out {} at {}", customer_of(who, &customers), wish.out, wish.at));
    }
    for it in &model.references {
        let early = it.early.map(|it| it.0);
        let of = (it.received, it.provider.as_str(), it.entry_point.as_str());
        lines.insert(format!("name {of:?}: {:?} {early:?}", it.message));
    }
    for it in &model.messages {
        lines.insert(format!(
            "message {} is {} of {} at {} with {}: {} {:?} attempts {} accepted {} retried {:?} from {:?} until {:?} on {:?}",
            it.id,
            it.number,
            it.conversation,
            it.entry_point,
            it.address,
            it.status,
            it.step,
            it.attempts,
            it.accepted,
            it.retried,
            it.not_before,
            (!it.inbound).then_some(it.not_after),
            (!it.inbound).then_some((it.hours, it.caps, &it.consent)),
        ));
    }
    lines
}
