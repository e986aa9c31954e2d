//! A contact centre for tests: a desk over a store in memory, a clock set by hand, and every invariant
//! checked after every command. Its store checks with every commit what the engine promises to stores.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on says so by a panic; each test binary uses a part of this"
)]

mod watched;

pub use watched::Watched;

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use outbound::command::{
    Accept, BeginInteraction, Close, InteractionHow, OnConflict, ReceiveMessage, SendMessage, SetState, SignIn,
    StartOutbound, Target, Transfer,
};
use outbound::desk::{Audit, Desk, Totals};
use outbound::directory::{Directory, Setup};
use outbound::engine::{Changes, Command, Explanation, Next, Run, Terms};
use outbound::model::{
    Body, By, Channel, ChosenState, CommandId, Conversation, ConversationId, Dispatch, MediaClass, Message, MessageId,
    OfferId, Presence, Private, ProviderId, SendResult, ShapeOnly, State, Wording,
};
use outbound::port::{Clock, Failure, ManualClock, NoMedia, Store};
use outbound::query::orphans;
use outbound::record::{Entry, Envelope, Offered, Received, Record, Started, Transferred, World};
use outbound::refusal::{Code, Language, Refusals};

/// A host's id from its text.
pub fn id<T: std::str::FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

/// The moment at which every test begins: a Monday.
pub fn start_of_time() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap()
}

/// The set-up of `acme.json`.
pub fn acme() -> Setup {
    serde_json::from_str(include_str!("acme.json")).expect("acme.json is a set-up")
}

/// The n-th command id at a time.
pub fn command_id(at: DateTime<Utc>, number: u64) -> CommandId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    CommandId::new(at, random)
}

pub type TestDesk = Desk<Watched, Arc<ManualClock>>;

/// A contact centre at work.
pub struct Floor {
    pub desk: TestDesk,
    pub clock: Arc<ManualClock>,
    numbers: AtomicU64,
}

impl Default for Floor {
    fn default() -> Self {
        Self::new()
    }
}

impl Floor {
    /// Acme, with nobody signed in; numbers are checked for their shape only.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// Acme with a changed set-up.
    pub fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = acme();
        change(&mut setup);
        Self::under(Terms::new(Directory::new(setup).expect("the set-up is sound"), ShapeOnly))
    }

    /// Acme under terms.
    pub fn under(terms: Terms) -> Self {
        let clock = Arc::new(ManualClock::at(start_of_time()));
        let desk = Desk::new(Watched::default(), terms, Arc::clone(&clock));
        Self { desk, clock, numbers: AtomicU64::new(1) }
    }

    /// The same floor with refusals written down.
    pub fn audited(self) -> Self {
        Self { desk: self.desk.with_audit(Audit::Refusals), ..self }
    }

    /// A new command id.
    pub fn id(&self) -> CommandId {
        command_id(self.clock.now(), self.numbers.fetch_add(1, Ordering::SeqCst))
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets time pass, and fires nothing.
    pub fn advance(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    /// Lets time pass and fires what is due.
    pub fn pass(&self, seconds: i64) {
        self.advance(seconds);
        self.desk.fire_due(1_000).expect("what is due is fired");
        self.check();
    }

    /// Swaps the set-up.
    pub fn change(&self, change: impl FnOnce(&mut Setup)) {
        let mut setup = self.desk.terms().directory().setup().clone();
        setup.version += 1;
        change(&mut setup);
        self.desk
            .replace_directory(Directory::new(setup).expect("the set-up is sound"))
            .expect("it is this organization's");
    }

    /// Runs a command under a new id; whatever comes of it, every invariant holds, and a refusal changes nothing.
    pub fn run<C: Command>(&self, command: &C) -> Result<C::Output, Failure<std::convert::Infallible>> {
        self.run_as(self.id(), command)
    }

    /// Runs a command under an id.
    pub fn run_as<C: Command>(
        &self,
        id: CommandId,
        command: &C,
    ) -> Result<C::Output, Failure<std::convert::Infallible>> {
        let before = self.world();
        let outcome = self.desk.run(id, command);
        if outcome.is_err() {
            let without_audit = |world: World| -> Vec<_> {
                world.records().filter(|it| !matches!(it.record, Record::Refused(_))).cloned().collect()
            };
            assert_eq!(without_audit(before), without_audit(self.world()), "a refusal changes nothing");
        }
        self.check();
        outcome
    }

    /// Runs a command that must be done.
    pub fn ok<C: Command>(&self, command: &C) -> C::Output {
        self.run(command).unwrap_or_else(|failure| panic!("{command:?}: {failure}"))
    }

    /// Runs a command that must be refused, and answers the reasons.
    pub fn refused<C: Command>(&self, command: &C) -> Refusals
    where
        C::Output: Debug,
    {
        match self.run(command) {
            Err(Failure::Refused(refusals)) => *refusals,
            other => panic!("{command:?} should be refused, but: {other:?}"),
        }
    }

    /// What a command would do, check by check.
    pub fn explain<C: Command>(&self, command: &C) -> Explanation {
        self.desk.explain(command).unwrap_or_else(|failure| panic!("{command:?}: {failure}"))
    }

    /// The command is refused with this code among its reasons, when run and when explained.
    pub fn refuses<C: Command>(&self, command: &C, code: Code) -> Refusals
    where
        C::Output: Debug,
    {
        let explained = self.explain(command);
        let check = explained.check(&code).unwrap_or_else(|| panic!("{code} is not checked by {command:?}"));
        assert!(!check.holds(), "{code} should not hold for {command:?}");
        let refusals = self.refused(command);
        assert!(refusals.has(&code), "{command:?} should be refused with {code}, but: {refusals}");
        for told in Language::ALL.into_iter().flat_map(|language| refusals.report(language)) {
            assert!(!told.says.contains(['{', '}']), "a fact is missing in: {}", told.says);
        }
        refusals
    }

    /// The command's check with this code is made, and holds.
    pub fn passes<C: Command>(&self, command: &C, code: Code) {
        let explained = self.explain(command);
        let check = explained.check(&code).unwrap_or_else(|| panic!("{code} is not checked by {command:?}"));
        assert!(check.holds(), "{code} should hold for {command:?}: {explained:?}");
    }

    /// Every invariant holds: no orphan, the events make the records, and the index entries are those of the records.
    pub fn check(&self) {
        let world = self.world();
        let terms = self.desk.terms();
        let orphans = orphans(&world, terms.directory(), self.now(), TimeDelta::days(3650));
        let grave = |orphan: &&outbound::query::Orphan| orphan.repair() == outbound::query::Repair::Report;
        let grave: Vec<_> = orphans.iter().filter(grave).collect();
        assert!(grave.is_empty(), "{grave:?}");
        assert_eq!(
            World::from_events(&self.desk.store().all_events()),
            world.with_history(),
            "events make the records"
        );
        let mut expected: Vec<Entry> = world.records().flat_map(|it| Entry::of(&it.record)).collect();
        expected.sort_unstable();
        assert_eq!(self.desk.store().entries(), expected, "the entries are those of the records");
        #[cfg(feature = "testing")]
        self.check_the_catalogue(&world);
    }

    /// Every invariant of the catalogue that is no matter of a set-up, which tests change.
    #[cfg(feature = "testing")]
    fn check_the_catalogue(&self, world: &World) {
        use outbound::testing::invariant::{check_all, check_entries, check_events};
        let store = self.desk.store();
        let (of_records, of_events) = (check_all(world), check_events(world, &store.all_events()));
        let of_entries = check_entries(world, &store.entries());
        assert_eq!([of_records, of_events, of_entries], [const { Vec::new() }; 3]);
    }

    pub fn world(&self) -> World {
        self.desk.store().world()
    }

    pub fn events(&self) -> Vec<Envelope> {
        self.desk.store().all_events()
    }

    /// The names of the events that a piece of work causes, in order.
    pub fn events_of<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<&'static str>) {
        let before = self.events().len();
        let done = work();
        (done, self.events()[before..].iter().map(|envelope| envelope.event.name()).collect())
    }

    pub fn conversation(&self, id: ConversationId) -> Conversation {
        self.world().conversations().find(|conversation| conversation.id() == id).expect("the conversation").clone()
    }

    pub fn message(&self, id: MessageId) -> Message {
        self.world().messages().find(|message| message.id() == id).expect("the message").clone()
    }

    pub fn presence(&self, agent: &str) -> Presence {
        let agent = id(agent);
        self.world().presences().find(|presence| *presence.agent() == agent).expect("the presence").clone()
    }

    /// The agent's state on SMS.
    pub fn state(&self, agent: &str) -> State {
        self.presence(agent).state(Channel::Sms.class()).expect("signed in").state.clone()
    }

    /// Signs agents in to Customer Care, Available.
    pub fn sign_in(&self, agents: &[&str]) -> &Self {
        for agent in agents {
            self.sign_in_to(agent, "care");
        }
        self
    }

    pub fn sign_in_to(&self, agent: &str, team: &str) {
        self.ok(&SignIn { agent: id(agent), team: id(team), state: ChosenState::Available });
    }

    pub fn set_idle(&self, agent: &str) {
        self.ok(&SetState { agent: id(agent), class: None, state: ChosenState::Idle(id("lunch")) });
    }

    /// Brings an agent into RONA the only way there is: another agent's transfer to them lapses.
    pub fn bring_into_rona(&self, agent: &str, by: &str, number: &str) {
        let conversation = self.start_sms(by, number);
        self.ok(&Transfer { agent: id(by), conversation, to: Target::Agent(id(agent)) });
        self.pass(31);
        assert_eq!(self.state(agent), State::Rona);
        self.close(by, conversation);
        self.pass(61);
    }

    /// Starts an SMS conversation from Care.
    pub fn start_sms(&self, agent: &str, to: &str) -> ConversationId {
        self.ok(&sms(agent, to)).conversation
    }

    /// Starts an e-mail conversation from Care.
    pub fn start_email(&self, agent: &str, to: &str) -> ConversationId {
        self.ok(&email(agent, to)).conversation
    }

    /// A customer's SMS to an entry point.
    pub fn receive_sms(&self, entry_point: &str, from: &str, text: &str) -> Received {
        self.ok(&inbound(entry_point, from, &format!("in-{}", self.numbers.fetch_add(1, Ordering::SeqCst)), text))
    }

    /// A text sent by the holder.
    pub fn send(&self, agent: &str, conversation: ConversationId, text: &str) -> MessageId {
        self.ok(&SendMessage::new(id(agent), conversation, Wording::text(text))).message
    }

    pub fn close(&self, agent: &str, conversation: ConversationId) {
        self.ok(&Close { by: By::Agent(id(agent)), conversation });
    }

    /// A transfer to an agent, who is asked.
    pub fn transfer(&self, agent: &str, conversation: ConversationId, to: &str) -> Offered {
        match self.ok(&Transfer { agent: id(agent), conversation, to: Target::Agent(id(to)) }) {
            Transferred::Asked(offered) => offered,
            Transferred::Queued(queue) => panic!("queued in {queue}"),
        }
    }

    pub fn accept(&self, agent: &str, conversation: ConversationId, offer: OfferId) {
        self.ok(&Accept { agent: id(agent), conversation, offer });
    }

    /// Sends what is due, through a provider that takes everything and calls it `p-` and the message's id.
    pub fn pump(&self) -> Totals {
        let took = |dispatch: &Dispatch| SendResult::accepted(provider_of(dispatch.idempotency_key));
        let pumped = self.desk.deliver_due(self.id(), &took, &NoMedia, 100).expect("the pump works");
        self.check();
        pumped.totals()
    }
}

/// What the test's provider calls a message.
pub fn provider_of(message: MessageId) -> ProviderId {
    id(&format!("p-{message}"))
}

/// A start of an SMS conversation from Care.
pub fn sms(agent: &str, to: &str) -> StartOutbound {
    StartOutbound {
        agent: id(agent),
        channel: Channel::Sms,
        entry_point: id("sms_care"),
        to: to.into(),
        customer: None,
        on_conflict: OnConflict::Refuse,
    }
}

/// A start of an e-mail conversation from Care.
pub fn email(agent: &str, to: &str) -> StartOutbound {
    StartOutbound { channel: Channel::Email, entry_point: id("mail_care"), ..sms(agent, to) }
}

/// A customer's message.
pub fn inbound(entry_point: &str, from: &str, provider: &str, text: &str) -> ReceiveMessage {
    ReceiveMessage {
        entry_point: id(entry_point),
        from: from.into(),
        provider: id(provider),
        customer: None,
        subject: None,
        body: Body::Text(Private::new(text.to_owned())),
        attachments: Vec::new(),
        mail: None,
        report: None,
    }
}

/// What a start answers.
pub fn opened(started: &Started) -> ConversationId {
    started.conversation
}

/// A fact of the reason with a code, as it is written.
pub fn fact(refusals: &Refusals, code: &Code, name: &str) -> String {
    let refusal = refusals.find(code).unwrap_or_else(|| panic!("no {code} in: {refusals}"));
    refusal.fact(name).unwrap_or_else(|| panic!("no fact `{name}` in: {refusal:?}")).to_string()
}

/// A transfer to an agent, to be asked for.
pub fn to_agent(agent: &str, conversation: ConversationId, to: &str) -> Transfer {
    Transfer { agent: id(agent), conversation, to: Target::Agent(id(to)) }
}

/// A transfer to a queue.
pub fn to_queue(agent: &str, conversation: ConversationId, queue: &str) -> Transfer {
    Transfer { agent: id(agent), conversation, to: Target::Queue(id(queue)) }
}

/// A text in a conversation.
pub fn text(agent: &str, conversation: ConversationId, text: &str) -> SendMessage {
    SendMessage::new(id(agent), conversation, Wording::text(text))
}

impl Floor {
    /// A conversation id that no conversation has.
    pub fn no_conversation(&self) -> ConversationId {
        ConversationId::of(self.id())
    }

    /// The state of a conversation's task.
    pub fn task(&self, conversation: ConversationId) -> outbound::model::TaskState {
        self.conversation(conversation).state().clone()
    }

    /// How many slots of the social class an agent holds.
    pub fn slots(&self, agent: &str) -> usize {
        self.presence(agent).used(Channel::Sms.class())
    }

    /// What waits in a queue is offered to the named agent, or to the one whom the library chooses.
    pub fn route(&self, queue: &str, agent: Option<&str>) -> Offered {
        self.ok(&outbound::command::RouteNext { queue: id(queue), agent: agent.map(id) })
    }
}

/// A start that takes over what waits.
pub fn take_over(agent: &str, to: &str) -> StartOutbound {
    StartOutbound { on_conflict: OnConflict::TakeOver, ..sms(agent, to) }
}

/// A start that asks the holder.
pub fn ask_holder(agent: &str, to: &str) -> StartOutbound {
    StartOutbound { on_conflict: OnConflict::AskHolder, ..sms(agent, to) }
}

/// An interaction of another system that is offered to an agent, called by its class.
pub fn offered_interaction(agent: &str, class: MediaClass) -> BeginInteraction {
    let how = InteractionHow::Offered;
    BeginInteraction { agent: id(agent), class, interaction: id(class.as_str()), how }
}

/// What a command would change, decided and not committed: one side of a race.
pub fn decided<C: Command>(floor: &Floor, id: CommandId, command: &C) -> Changes
where
    C::Output: Debug,
{
    let terms = floor.desk.terms();
    let mut run = Run::new(&terms, floor.now(), id, command);
    loop {
        match run.step() {
            Next::Load(reads) => run.supply(Store::load(floor.desk.store(), &reads).unwrap()),
            Next::Commit(changes, _) => return *changes,
            other => panic!("{command:?}: {other:?}"),
        }
    }
}

/// A floor with agents signed in to Customer Care, Available.
pub fn signed_in(agents: &[&str]) -> Floor {
    let floor = Floor::new();
    floor.sign_in(agents);
    floor
}

/// The customer with whom [`working`] begins.
pub const NUMBER: &str = "+351912345678";

/// Ana holds an SMS conversation; Bruno is there too.
pub fn working() -> (Floor, ConversationId) {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", NUMBER);
    (floor, conversation)
}
