//! Every driver over every kind of store: one story, one world; and what a desk does when its store is slow to agree.

#![expect(clippy::panic, clippy::expect_used, reason = "the helpers of tests fail as tests do")]

mod support;

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;
use outbound::command::{
    Accept, ClaimDispatch, Close, ConsentChange, FireDue, OnConflict, Park, ReceiveMessage, RecordAttempt,
    RetryMessage, RouteNext, SendMessage, SetConsent, SetState, SignIn, StartOutbound, Target, Transfer, WrapUp,
};
use outbound::desk::{AsyncDesk, Audit, Desk, Ended, PumpedHow, PumpedMessage, Swept, Totals};
use outbound::directory::Directory;
use outbound::engine::{Changes, Command, Fault, Loaded, Misuse, Next, Reads, Run, Terms};
use outbound::mail::{MailHeaders, ParsedMail};
use outbound::memory::MemoryStore;
use outbound::model::{
    AgentId, By, Cause, Channel, ChosenState, CommandId, ConversationId, Dispatch, HostedImage, InlineImage, Key, Kind,
    OfferId, Private, SendResult, ShapeOnly, Wording,
};
use outbound::port::{
    AsyncDelivery, AsyncMediaHost, AsyncStore, Blocking, Clock, CommitError, ErasedAsyncStore, ErasedStore, EventPage,
    EventQuery, Failure, ManualClock, MediaHost, NoMedia, Store,
};
use outbound::query::{Channels, Overview};
use outbound::record::{Entry, Envelope, Outcome, Query, Version, World};
use outbound::refusal::{Code, Refusals};

use crate::support::{Floor, acme, command_id, email, id, inbound, provider_of, sms, start_of_time};

const RITA: &str = "+351912345678";

fn terms() -> Terms {
    Terms::new(Directory::new(acme()).expect("the set-up is sound"), ShapeOnly)
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(start_of_time()))
}

/// What a story needs of a driver.
trait Stage {
    fn play<C: Command>(&self, number: u64, command: &C) -> Result<C::Output, Refusals>;
    fn explain<C: Command>(&self, command: &C) -> bool;
    fn slots(&self, agent: &str) -> usize;
    fn fire(&self) -> usize;
    fn pump(&self, number: u64, media: &Media) -> Totals;
    fn advance(&self, seconds: i64);
}

fn said<T, E: Debug>(outcome: Result<T, Failure<E>>) -> Result<T, Refusals> {
    match outcome {
        Ok(done) => Ok(done),
        Err(Failure::Refused(refusals)) => Err(*refusals),
        Err(other) => panic!("{other:?}"),
    }
}

fn number_of(clock: &ManualClock, number: u64) -> CommandId {
    command_id(clock.now(), number)
}

fn takes(dispatch: &Dispatch) -> SendResult {
    SendResult::accepted(provider_of(dispatch.idempotency_key))
}

/// A place for images that is down until it is up.
#[derive(Default)]
struct Media(AtomicBool);

impl MediaHost for Media {
    fn host(&self, _: &HostedImage) -> Result<(), String> {
        if self.0.load(Ordering::Relaxed) { Ok(()) } else { Err("it is down".into()) }
    }
}

impl AsyncMediaHost for Media {
    async fn host(&self, image: &HostedImage) -> Result<(), String> {
        tokio::task::yield_now().await;
        MediaHost::host(self, image)
    }
}

struct Takes;

impl AsyncDelivery for Takes {
    async fn send(&self, dispatch: &Dispatch) -> SendResult {
        tokio::task::yield_now().await;
        takes(dispatch)
    }
}

struct Sync<S>(Desk<S, Arc<ManualClock>>);

impl<S: Store> Stage for Sync<S> {
    fn play<C: Command>(&self, number: u64, command: &C) -> Result<C::Output, Refusals> {
        said(self.0.run(number_of(self.0.clock(), number), command))
    }
    fn explain<C: Command>(&self, command: &C) -> bool {
        self.0.explain(command).expect("an explanation").is_allowed()
    }
    fn slots(&self, agent: &str) -> usize {
        let answer = self.0.ask(&Overview { agent: id(agent) }).expect("an answer");
        answer.presence.map_or(0, |presence| presence.slots().len())
    }
    fn fire(&self) -> usize {
        self.0.fire_due(1_000).expect("it is fired").fired.len()
    }
    fn pump(&self, number: u64, media: &Media) -> Totals {
        self.0.deliver_due(number_of(self.0.clock(), number), &takes, media, 10).expect("the pump works").totals()
    }
    fn advance(&self, seconds: i64) {
        self.0.clock().advance(TimeDelta::seconds(seconds));
    }
}

struct Async<S>(AsyncDesk<S, Arc<ManualClock>>, tokio::runtime::Runtime);

impl<S: AsyncStore> Async<S> {
    fn new(store: S) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        Self(AsyncDesk::new(store, terms(), clock()), runtime)
    }
}

impl<S: AsyncStore> Stage for Async<S> {
    fn play<C: Command>(&self, number: u64, command: &C) -> Result<C::Output, Refusals> {
        said(self.1.block_on(self.0.run(number_of(self.0.clock(), number), command)))
    }
    fn explain<C: Command>(&self, command: &C) -> bool {
        self.1.block_on(self.0.explain(command)).expect("an explanation").is_allowed()
    }
    fn slots(&self, agent: &str) -> usize {
        let overview = Overview { agent: id(agent) };
        let answer = self.1.block_on(self.0.ask(&overview)).expect("an answer");
        answer.presence.map_or(0, |presence| presence.slots().len())
    }
    fn fire(&self) -> usize {
        self.1.block_on(self.0.fire_due(1_000)).expect("it is fired").fired.len()
    }
    fn pump(&self, number: u64, media: &Media) -> Totals {
        let id = number_of(self.0.clock(), number);
        self.1.block_on(self.0.deliver_due(id, &Takes, media, 10)).expect("the pump works").totals()
    }
    fn advance(&self, seconds: i64) {
        self.0.clock().advance(TimeDelta::seconds(seconds));
    }
}

/// A run driven by hand, as a host does that commits next to its own rows.
struct ByHand(MemoryStore, Arc<ManualClock>, Terms);

impl Stage for ByHand {
    fn play<C: Command>(&self, number: u64, command: &C) -> Result<C::Output, Refusals> {
        let mut run = Run::new(&self.2, self.1.now(), number_of(&self.1, number), command);
        loop {
            match run.step() {
                Next::Load(reads) => run.supply(self.0.load(&reads).expect("memory does not fail")),
                Next::Commit(changes, output) => {
                    assert!(changes.guards.is_sorted_by_key(|guard| guard.key), "guards in the order of locking");
                    let guarded = |key| changes.guards.iter().any(|guard| guard.key == key);
                    assert!(changes.writes.iter().all(|write| guarded(write.key)), "every write has its guard");
                    self.0.commit(*changes).expect("nobody else is here");
                    return Ok(output);
                }
                Next::Done(output) => return Ok(output),
                Next::Refused(refusals) => return Err(*refusals),
                Next::Fault(fault) => panic!("{fault}"),
            }
        }
    }
    fn explain<C: Command>(&self, command: &C) -> bool {
        self.desk().explain(command)
    }
    fn slots(&self, agent: &str) -> usize {
        self.desk().slots(agent)
    }
    fn fire(&self) -> usize {
        self.desk().fire()
    }
    fn pump(&self, number: u64, media: &Media) -> Totals {
        self.desk().pump(number, media)
    }
    fn advance(&self, seconds: i64) {
        self.1.advance(TimeDelta::seconds(seconds));
    }
}

impl ByHand {
    fn desk(&self) -> Sync<MemoryStore> {
        Sync(Desk::new(self.0.clone(), self.2.clone(), Arc::clone(&self.1)))
    }
}

/// A short story: signing in, a start, two messages, a reply, a refused start, a transfer that lapses and one that is
/// taken, a closing, a wrap-up, and what comes next.
fn story(stage: &impl Stage) {
    for (number, agent) in [(1, "ana"), (2, "bruno")] {
        let sign_in = SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available };
        stage.play(number, &sign_in).expect("signed in");
    }
    assert!(stage.explain(&sms("ana", RITA)));
    let conversation = stage.play(3, &sms("ana", RITA)).expect("started").conversation;
    assert_eq!(stage.play(3, &sms("ana", RITA)).expect("the first outcome").conversation, conversation);
    assert!(!stage.explain(&sms("bruno", RITA)));
    let refusals = stage.play(4, &sms("bruno", RITA)).expect_err("it exists");
    assert_eq!(refusals.codes(), [Code::ConversationExists]);
    for number in [5, 6] {
        stage.play(number, &SendMessage::new(id("ana"), conversation, Wording::text("hello"))).expect("sent");
    }
    let pump = |number| stage.pump(number, &Media::default());
    assert_eq!((pump(7).sent, pump(8).sent, pump(9).total()), (2, 0, 0));
    assert!(!stage.play(10, &inbound("sms_care", RITA, "in-1", "yes")).expect("heard").opened);
    let transfer = Transfer { agent: id("ana"), conversation, to: Target::Agent(id("bruno")) };
    stage.play(11, &transfer).expect("asked");
    assert_eq!((stage.slots("ana"), stage.slots("bruno")), (1, 1));
    stage.advance(31);
    assert_eq!(stage.fire(), 1);
    assert_eq!((stage.slots("ana"), stage.slots("bruno")), (1, 0));
    let to_queue = Transfer { agent: id("ana"), conversation, to: Target::Queue(id("care_queue")) };
    stage.play(12, &to_queue).expect("queued");
    let sign_in = SignIn { agent: id("carla"), team: id("care"), state: ChosenState::Available };
    stage.play(13, &sign_in).expect("signed in");
    let offered = stage.play(14, &RouteNext { queue: id("care_queue"), agent: None }).expect("offered");
    assert_eq!(offered.to, id("carla"));
    let accept = Accept { agent: id("carla"), conversation, offer: offered.offer };
    stage.play(15, &accept).expect("taken");
    stage.play(16, &Close { by: By::Agent(id("carla")), conversation }).expect("closed");
    stage.play(17, &WrapUp { agent: id("carla"), conversation, reason: id("resolved") }).expect("wrapped up");
    stage.advance(61);
    assert_eq!(stage.fire(), 1, "ana's wrap-up takes the default");
    let again = stage.play(18, &inbound("sms_care", RITA, "in-2", "one more")).expect("heard");
    assert!(again.opened && again.conversation != conversation);
}

/// The world and the events that the story makes, by the plainest driver.
fn told() -> (World, Vec<Envelope>, Vec<Entry>) {
    let store = MemoryStore::new();
    story(&Sync(Desk::new(store.clone(), terms(), clock())));
    (store.world(), store.all_events(), store.entries())
}

fn tells_the_same(store: &MemoryStore) {
    assert_eq!((store.world(), store.all_events(), store.entries()), told());
    assert_eq!(World::from_events(&store.all_events()), store.world().with_history());
}

#[test]
fn every_driver_and_store_tells_the_same_story() {
    let store = MemoryStore::new();
    story(&Sync(Desk::new(ErasedStore::new(store.clone()), terms(), clock())));
    tells_the_same(&store);

    let store = Arc::new(MemoryStore::new());
    story(&Sync(Desk::new(Arc::clone(&store), terms(), clock())));
    tells_the_same(&store);

    let store = MemoryStore::new();
    story(&Sync(Desk::new(&store, terms(), clock())));
    tells_the_same(&store);

    let store = MemoryStore::new();
    story(&Sync(Desk::new(Box::new(store.clone()), terms(), clock())));
    tells_the_same(&store);

    let store = MemoryStore::new();
    story(&Async::new(Blocking(store.clone())));
    tells_the_same(&store);

    let store = MemoryStore::new();
    story(&Async::new(ErasedAsyncStore::new(Blocking(store.clone()))));
    tells_the_same(&store);

    let store = MemoryStore::new();
    story(&Async::new(Arc::new(Blocking(ErasedStore::new(store.clone())))));
    tells_the_same(&store);
}

/// What does not simply leave: to a customer who wants nothing any more, too late, with an image, and claimed by somebody else.
fn rough(stage: &impl Stage) {
    let (ana, media) = (id::<AgentId>("ana"), Media::default());
    stage.play(1, &SignIn { agent: ana.clone(), team: id("care"), state: ChosenState::Available }).expect("signed in");
    let start = |number, start: &StartOutbound| stage.play(number, start).expect("started").conversation;
    let (first, second) = (start(2, &sms("ana", "+351912345601")), start(3, &sms("ana", "+351912345602")));
    let mail = start(4, &email("ana", "rita@example.com"));
    let hello = |conversation| SendMessage::new(ana.clone(), conversation, Wording::text("hello"));

    stage.play(5, &hello(first)).expect("sent");
    let stop = SetConsent::by_host(Channel::Sms, "+351912345601", ConsentChange::OptOut);
    stage.play(6, &stop).expect("written down");
    assert_eq!(stage.pump(7, &media), Totals { failed: 1, ..Totals::default() });

    let not_after = Some(start_of_time() + TimeDelta::seconds(60));
    stage.play(8, &SendMessage { not_after, ..hello(second) }).expect("sent");
    stage.advance(120);
    assert_eq!(stage.pump(9, &media), Totals { expired: 1, ..Totals::default() });

    let image = InlineImage {
        name: "logo".into(),
        media_type: "image/png".into(),
        bytes: Private::new(b"\x89PNG\r\n\x1a\n!".to_vec()),
    };
    let html = Wording::Html { html: r#"<img src="inline:logo">"#.into(), images: vec![image] };
    let look = SendMessage::new(ana.clone(), mail, html).with_subject("Look");
    stage.play(10, &look).expect("sent");
    assert_eq!(stage.pump(11, &media), Totals { postponed: 1, ..Totals::default() });
    media.0.store(true, Ordering::Relaxed);
    stage.advance(3600);
    assert_eq!(stage.pump(12, &media), Totals { sent: 1, ..Totals::default() });

    let message = stage.play(13, &hello(second)).expect("sent").message;
    stage.play(14, &ClaimDispatch { message }).expect("claimed");
    assert_eq!(stage.pump(15, &media).total(), 0, "while somebody else's lease lasts");
}

#[test]
fn b10_both_pumps_do_the_same_with_what_does_not_simply_leave() {
    let (one, other) = (MemoryStore::new(), MemoryStore::new());
    rough(&Sync(Desk::new(one.clone(), terms(), clock())));
    rough(&Async::new(Blocking(other.clone())));
    assert_eq!((one.world(), one.all_events(), one.entries()), (other.world(), other.all_events(), other.entries()));
}

#[test]
fn a_run_driven_by_hand_tells_the_same_story() {
    let store = MemoryStore::new();
    story(&ByHand(store.clone(), clock(), terms()));
    tells_the_same(&store);
}

#[test]
fn a_run_that_is_not_supplied_says_so() {
    let (terms, start) = (terms(), sms("ana", RITA));
    let mut run = Run::new(&terms, start_of_time(), command_id(start_of_time(), 1), &start);
    assert!(matches!(run.step(), Next::Load(_)));
    assert!(matches!(run.step(), Next::Fault(Fault::Misuse(Misuse::NotSupplied))));
}

fn is_send<T: Send>(_: &T) {}

#[test]
fn futures_are_send_and_need_no_runtime() {
    let desk = AsyncDesk::new(Blocking(MemoryStore::new()), terms(), clock());
    let erased = AsyncDesk::new(ErasedAsyncStore::new(Blocking(MemoryStore::new())), terms(), clock());
    let number = command_id(start_of_time(), 1);
    let (start, overview) = (sms("ana", RITA), Overview { agent: id("ana") });
    is_send(&desk.run(number, &start));
    is_send(&desk.ask(&overview));
    is_send(&desk.explain(&start));
    is_send(&desk.fire_due(1_000));
    is_send(&desk.deliver_due(number, &Takes, &NoMedia, 10));
    is_send(&erased.run(number, &start));
    is_send(&erased.ask(&overview));
    is_send(&erased.explain(&start));
    is_send(&erased.fire_due(1_000));
    is_send(&erased.deliver_due(number, &Takes, &NoMedia, 10));

    // A blocking store is ready at once: one poll, no runtime.
    let mut run = pin!(desk.run(number, &start));
    let polled = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Err(Failure::Refused(_)))));
}

#[test]
fn tasks_on_a_runtime_share_a_desk() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let store = MemoryStore::new();
    let desk = Arc::new(AsyncDesk::new(ErasedAsyncStore::new(Blocking(store.clone())), terms(), clock()));
    runtime.block_on(async {
        let sign_in = SignIn { agent: id("bruno"), team: id("care"), state: ChosenState::Available };
        desk.run(command_id(start_of_time(), 1), &sign_in).await.expect("signed in");
        let start = |nth: u64| {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move {
                let start = sms("bruno", &format!("+35191234560{nth}"));
                desk.run(command_id(start_of_time(), 2 + nth), &start).await.is_ok()
            })
        };
        let tasks: Vec<_> = (0..8).map(start).collect();
        let mut started = 0;
        for task in tasks {
            started += usize::from(task.await.expect("no task panics"));
        }
        assert_eq!(started, 3, "R12");
    });
    assert_eq!(store.world().conversations().count(), 3);
}

/// What a store does with a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    Conflict,
    UnknownButApplied,
    UnknownNotApplied,
    /// Applied, unheard, and from then on nothing can be loaded.
    AppliedAndDown,
    Failed,
}

#[derive(Debug, thiserror::Error)]
#[error("the line is down")]
struct LineDown;

/// A store that behaves as it is told, commit by commit, and counts.
#[derive(Default)]
struct Moody {
    store: MemoryStore,
    moods: Mutex<VecDeque<Mood>>,
    no_loads: Mutex<bool>,
    loads: AtomicUsize,
    commits: AtomicUsize,
}

impl Store for Moody {
    type Error = LineDown;

    fn load(&self, reads: &Reads) -> Result<Loaded, LineDown> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        if *self.no_loads.lock().expect("no thread panics") {
            return Err(LineDown);
        }
        Ok(self.store.load(reads).expect("memory does not fail"))
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<LineDown>> {
        self.commits.fetch_add(1, Ordering::Relaxed);
        let write = || self.store.commit(changes).map_err(|_| CommitError::Conflict);
        match self.moods.lock().expect("no thread panics").pop_front().unwrap_or(Mood::Well) {
            Mood::Well => write(),
            Mood::Conflict => Err(CommitError::Conflict),
            Mood::UnknownButApplied => write().and(Err(CommitError::Unknown(LineDown))),
            Mood::AppliedAndDown => {
                *self.no_loads.lock().expect("no thread panics") = true;
                write().and(Err(CommitError::Unknown(LineDown)))
            }
            Mood::UnknownNotApplied => Err(CommitError::Unknown(LineDown)),
            Mood::Failed => Err(CommitError::Failed(LineDown)),
        }
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, LineDown> {
        Ok(self.store.events(query).expect("memory does not fail"))
    }
}

type MoodyDesk = Desk<Arc<Moody>, Arc<ManualClock>>;

/// A desk over a moody store, with Ana signed in, and a conversation of hers.
fn moody(attempts: u32) -> (MoodyDesk, ConversationId) {
    let desk = Desk::new(Arc::new(Moody::default()), terms(), clock()).with_attempts(attempts);
    for (number, agent) in [(1, "ana"), (2, "bruno")] {
        let sign_in = SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available };
        desk.run(command_id(start_of_time(), number), &sign_in).expect("signed in");
    }
    let conversation = desk.run(command_id(start_of_time(), 3), &sms("ana", RITA)).expect("started").conversation;
    (desk, conversation)
}

fn in_mood(desk: &MoodyDesk, moods: &[Mood]) {
    *desk.store().moods.lock().expect("no thread panics") = moods.iter().copied().collect();
    desk.store().commits.store(0, Ordering::Relaxed);
    desk.store().loads.store(0, Ordering::Relaxed);
}

fn commits(desk: &MoodyDesk) -> usize {
    desk.store().commits.load(Ordering::Relaxed)
}

fn loads(desk: &MoodyDesk) -> usize {
    desk.store().loads.load(Ordering::Relaxed)
}

fn number(nth: u64) -> CommandId {
    command_id(start_of_time(), nth)
}

#[test]
fn r22_conflicts_are_tried_again_and_then_given_up() {
    let (desk, conversation) = moody(4);
    let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
    in_mood(&desk, &[Mood::Conflict; 3]);
    desk.run(number(10), &send).expect("the fourth attempt");
    assert_eq!(commits(&desk), 4);

    let before = desk.store().store.world();
    in_mood(&desk, &[Mood::Conflict; 9]);
    assert!(matches!(desk.run(number(11), &send), Err(Failure::Contention(4))));
    assert_eq!(commits(&desk), 4, "bounded");
    assert_eq!(desk.store().store.world(), before, "nothing is half-done");
    in_mood(&desk, &[]);
    desk.run(number(11), &send).expect("the same command later");
}

#[test]
fn r22_a_failing_store_is_told_at_once_and_nothing_is_half_created() {
    let (desk, _) = moody(4);
    let before = desk.store().store.world();
    in_mood(&desk, &[Mood::Failed]);
    assert!(matches!(desk.run(number(10), &sms("ana", "+351912345679")), Err(Failure::Store(LineDown))));
    assert_eq!(commits(&desk), 1);
    *desk.store().no_loads.lock().expect("no thread panics") = true;
    assert!(matches!(desk.run(number(10), &sms("ana", "+351912345679")), Err(Failure::Store(LineDown))));
    assert!(matches!(desk.ask(&Channels { agent: id("ana") }), Err(Failure::Store(LineDown))));
    assert!(matches!(desk.fire_due(1_000), Err(Failure::Store(LineDown))));
    *desk.store().no_loads.lock().expect("no thread panics") = false;
    assert_eq!(desk.store().store.world(), before, "no task without conversation, no slot leaked");
    desk.run(number(10), &sms("ana", "+351912345679")).expect("the same command later");
}

/// Commands whose commit may be lost on the way, each of another kind of remembering.
fn each_command(with: impl Fn(&str, &dyn Fn(&MoodyDesk, ConversationId) -> Result<Outcome, Failure<LineDown>>)) {
    with("start", &|desk, _| desk.run(number(10), &sms("ana", "+351912345679")).map(Into::into));
    with("send", &|desk, conversation| {
        desk.run(number(10), &SendMessage::new(id("ana"), conversation, Wording::text("hello"))).map(Into::into)
    });
    with("transfer", &|desk, conversation| {
        let to = Target::Agent(id("bruno"));
        desk.run(number(10), &Transfer { agent: id("ana"), conversation, to }).map(Into::into)
    });
    with("close", &|desk, conversation| {
        desk.run(number(10), &Close { by: By::Agent(id("ana")), conversation }).map(Into::into)
    });
    with("ask", &|desk, _| {
        let ask = StartOutbound { on_conflict: OnConflict::AskHolder, ..sms("bruno", RITA) };
        desk.run(number(10), &ask).map(Into::into)
    });
}

#[test]
fn b02_an_unknown_outcome_is_found_out_by_the_same_command() {
    each_command(|name, run| {
        let (plain, conversation) = moody(4);
        let expected = run(&plain, conversation).expect(name);
        for moods in [
            &[Mood::UnknownButApplied][..],
            &[Mood::UnknownNotApplied],
            &[Mood::UnknownNotApplied, Mood::Conflict, Mood::UnknownButApplied],
        ] {
            let (desk, conversation) = moody(4);
            in_mood(&desk, moods);
            let outcome = run(&desk, conversation).unwrap_or_else(|failure| panic!("{name}: {failure}"));
            assert_eq!(outcome, expected, "{name}");
            assert_eq!(desk.store().store.world(), plain.store().store.world(), "{name} is done once");
        }
    });
}

#[test]
fn b02_an_outcome_that_stays_unknown_is_told_and_the_same_command_tells_later() {
    each_command(|name, run| {
        for mood in [Mood::UnknownButApplied, Mood::UnknownNotApplied] {
            let (desk, conversation) = moody(1);
            in_mood(&desk, &[mood]);
            assert!(matches!(run(&desk, conversation), Err(Failure::Unknown(LineDown))), "{name}");
            let outcome = run(&desk, conversation).unwrap_or_else(|failure| panic!("{name}: {failure}"));
            let (plain, conversation) = moody(1);
            assert_eq!(run(&plain, conversation).expect(name), outcome);
            assert_eq!(desk.store().store.world(), plain.store().store.world(), "{name} is done once");
        }
    });
}

#[test]
fn b02_unknown_and_then_conflicts_is_unknown_not_contention() {
    let (desk, _) = moody(3);
    in_mood(&desk, &[Mood::UnknownNotApplied, Mood::Conflict, Mood::Conflict]);
    assert!(matches!(desk.run(number(10), &sms("ana", "+351912345679")), Err(Failure::Unknown(LineDown))));
}

#[test]
fn b02_unknown_and_then_a_failing_store_is_unknown_still() {
    for moods in [vec![Mood::UnknownNotApplied, Mood::Failed], vec![Mood::AppliedAndDown]] {
        let (desk, conversation) = moody(4);
        let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
        in_mood(&desk, &moods);
        let failure = desk.run(number(10), &send).expect_err("the line is down");
        assert!(matches!(failure, Failure::Unknown(_)), "nobody may say that nothing was changed: {failure:?}");

        let store = Arc::clone(desk.store());
        *store.no_loads.lock().expect("no thread panics") = false;
        *store.moods.lock().expect("no thread panics") = moods.into();
        let desk = AsyncDesk::new(Blocking(store), terms(), clock());
        let failure = poll(desk.run(number(11), &send)).expect_err("the line is down");
        assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
    }
}

fn poll<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("a blocking store is ready at once"),
    }
}

struct AtOnce;

impl AsyncDelivery for AtOnce {
    async fn send(&self, dispatch: &Dispatch) -> SendResult {
        takes(dispatch)
    }
}

#[test]
fn r22_the_asynchronous_desk_fails_as_the_blocking_one_does() {
    let (blocking, conversation) = moody(4);
    let store = Blocking(Arc::clone(blocking.store()));
    let desk = AsyncDesk::new(store, terms(), clock()).with_attempts(4).with_audit(Audit::Refusals);
    let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
    let pump = |nth| poll(desk.deliver_due(number(nth), &AtOnce, &NoMedia, 10));
    let refused = |nth| poll(desk.run(number(nth), &sms("bruno", RITA))).expect_err("it exists");

    in_mood(&blocking, &[Mood::Conflict; 9]);
    assert!(matches!(poll(desk.run(number(10), &send)), Err(Failure::Contention(4))));
    for (nth, mood) in (20..).zip([Mood::Well, Mood::Conflict, Mood::UnknownButApplied, Mood::UnknownNotApplied]) {
        in_mood(&blocking, &[mood]);
        assert!(refused(nth).refusals().is_some_and(|it| it.has(&Code::ConversationExists)), "{mood:?}");
        assert_eq!(commits(&blocking), 1, "{mood:?}");
    }
    in_mood(&blocking, &[Mood::Failed]);
    assert!(matches!(refused(24), Failure::Store(LineDown)));
    let nobody = poll(desk.ask(&Channels { agent: id("nobody") })).expect_err("nobody");
    assert!(nobody.refusals().is_some_and(|it| it.has(&Code::AgentUnknown)));

    // A claim that others are always faster with, and one whose answer cannot be written down: later calls try them again.
    poll(desk.run(number(11), &send)).expect("sent");
    in_mood(&blocking, &[Mood::Conflict; 4]);
    assert_eq!(pump(12).expect("works").totals(), Totals { stuck: 1, ..Totals::default() });
    in_mood(&blocking, &[Mood::Well, Mood::Conflict, Mood::Conflict, Mood::Conflict, Mood::Conflict]);
    assert_eq!(pump(14).expect("works").totals(), Totals { stuck: 1, ..Totals::default() });
    desk.clock().advance(TimeDelta::seconds(61));
    in_mood(&blocking, &[Mood::Well, Mood::Failed]);
    assert_eq!(pump(16).expect("what was done").totals(), Totals { stuck: 1, ..Totals::default() });
    desk.clock().advance(TimeDelta::seconds(61));
    in_mood(&blocking, &[Mood::Failed]);
    assert!(matches!(pump(18), Err(Failure::Store(LineDown))));
    assert_eq!(pump(30).expect("works").totals(), Totals { sent: 1, ..Totals::default() });

    // So with what falls due.
    let transfer = Transfer { agent: id("ana"), conversation, to: Target::Agent(id("bruno")) };
    poll(desk.run(number(32), &transfer)).expect("asked");
    desk.clock().advance(TimeDelta::seconds(31));
    in_mood(&blocking, &[Mood::Conflict; 4]);
    assert_eq!(poll(desk.fire_due(1_000)).expect("works").stuck.len(), 1);
    in_mood(&blocking, &[Mood::Failed]);
    assert!(matches!(poll(desk.fire_due(1_000)), Err(Failure::Store(LineDown))));
    *blocking.store().no_loads.lock().expect("no thread panics") = true;
    assert!(matches!(poll(desk.fire_due(1_000)), Err(Failure::Store(LineDown))));
    assert!(matches!(pump(34), Err(Failure::Store(LineDown))));
    assert!(matches!(poll(desk.ask(&Channels { agent: id("ana") })), Err(Failure::Store(LineDown))));
}

#[test]
fn r22_what_was_done_until_the_store_failed_is_told() {
    for is_async in [false, true] {
        let (desk, first) = moody(4);
        let other =
            AsyncDesk::new(Blocking(Arc::clone(desk.store())), terms(), Arc::clone(desk.clock())).with_attempts(4);
        let second = desk.run(number(11), &sms("bruno", "+351912345679")).expect("started").conversation;
        let both = [("ana", first), ("bruno", second)];
        for ((agent, conversation), nth) in both.into_iter().zip(12..) {
            desk.run(number(nth), &SendMessage::new(id(agent), conversation, Wording::text("hello"))).expect("sent");
        }
        let pump = |nth| match is_async {
            true => poll(other.deliver_due(number(nth), &AtOnce, &NoMedia, 10)),
            false => desk.deliver_due(number(nth), &takes, &NoMedia, 10),
        };
        in_mood(&desk, &[Mood::Well, Mood::Well, Mood::Failed]);
        assert_eq!(pump(20).expect("one was sent").totals(), Totals { sent: 1, ..Totals::default() });
        in_mood(&desk, &[Mood::Failed]);
        assert!(matches!(pump(30), Err(Failure::Store(LineDown))), "nothing was done");
        assert_eq!(pump(40).expect("works").totals(), Totals { sent: 1, ..Totals::default() }, "the other one");

        for ((agent, conversation), nth) in both.into_iter().zip(50..) {
            desk.run(number(nth), &Close { by: By::Agent(id(agent)), conversation }).expect("closed");
        }
        desk.clock().advance(TimeDelta::seconds(61));
        let fire = || if is_async { poll(other.fire_due(1_000)) } else { desk.fire_due(1_000) };
        let fired = |swept: &Swept| (swept.fired.len(), swept.stuck.len());
        in_mood(&desk, &[Mood::Well, Mood::Failed]);
        let swept = fire().expect("one was fired");
        assert_eq!(fired(&swept), (1, 0));
        assert_eq!(swept.ended, Ended::CutShort("the store failed: the line is down".into()));
        in_mood(&desk, &[Mood::Failed]);
        assert!(matches!(fire(), Err(Failure::Store(LineDown))), "nothing was done");
        in_mood(&desk, &[Mood::Conflict; 4]);
        let swept = fire().expect("it is stuck");
        assert_eq!((fired(&swept), &swept.ended), ((0, 1), &Ended::Done));
        assert_eq!(swept.stuck[0].why, "others changed the same records `4` times in a row");
        assert_eq!(fired(&fire().expect("works")), (1, 0), "the other one");
    }
}

#[test]
fn r49_a_sweep_and_a_pump_end_at_their_limit_and_go_on_from_there() {
    for is_async in [false, true] {
        let (desk, _) = moody(4);
        let other =
            AsyncDesk::new(Blocking(Arc::clone(desk.store())), terms(), Arc::clone(desk.clock())).with_attempts(4);
        let mut parked = Vec::new();
        for nth in 0..5_u64 {
            let base = 100 + 10 * nth;
            let started = desk.run(number(base), &sms("bruno", &format!("+35191234510{nth}"))).expect("started");
            let conversation = started.conversation;
            let send = SendMessage::new(id("bruno"), conversation, Wording::text("hello"));
            desk.run(number(base + 1), &send).expect("sent");
            let until = desk.clock().now() + TimeDelta::seconds(60 + i64::try_from(nth).expect("few"));
            let park = Park { agent: id("bruno"), conversation, until, queue: Some(id("care_queue")) };
            desk.run(number(base + 2), &park).expect("parked");
            parked.push(conversation);
        }
        let pump = |nth, limit| match is_async {
            true => poll(other.deliver_due(number(nth), &AtOnce, &NoMedia, limit)),
            false => desk.deliver_due(number(nth), &takes, &NoMedia, limit),
        };
        for (nth, limit, sent, ended) in [
            (200, 0, 0, Ended::AtLimit),
            (210, 2, 2, Ended::AtLimit),
            (230, 4, 3, Ended::Done),
            (240, 1, 0, Ended::Done),
        ] {
            let pumped = pump(nth, limit).expect("works");
            assert_eq!((pumped.messages.len(), pumped.ended), (sent, ended));
        }

        desk.clock().advance(TimeDelta::seconds(70));
        let fire = |limit| if is_async { poll(other.fire_due(limit)) } else { desk.fire_due(limit) };
        in_mood(&desk, &[]);
        assert_eq!((fire(0).expect("works").ended, loads(&desk)), (Ended::AtLimit, 0), "nothing is looked at");
        let mut woken = Vec::new();
        for (limit, ended) in [(0, Ended::AtLimit), (2, Ended::AtLimit), (3, Ended::AtLimit), (3, Ended::Done)] {
            let swept = fire(limit).expect("works");
            assert_eq!((&swept.stuck, &swept.ended), (&vec![], &ended), "of {limit}");
            woken.extend(swept.fired.into_iter().map(|it| it.at));
        }
        assert_eq!(woken, parked.into_iter().map(Key::conversation).collect::<Vec<_>>(), "in the order of their time");
    }
}

#[test]
fn b02_a_received_message_whose_commit_is_unknown_is_received_once() {
    let (desk, _) = moody(4);
    in_mood(&desk, &[Mood::UnknownButApplied]);
    let received = desk.run(number(10), &inbound("sms_care", RITA, "in-1", "hello")).expect("heard");
    assert!(!received.opened && !received.duplicate, "the first outcome");
    assert_eq!(desk.store().store.world().messages().count(), 1);
}

#[test]
fn b10_a_claim_whose_commit_is_unknown_is_still_this_pumps() {
    let (desk, conversation) = moody(4);
    let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
    let message = desk.run(number(10), &send).expect("sent").message;
    in_mood(&desk, &[Mood::UnknownButApplied]);
    let claim = desk.run(number(11), &ClaimDispatch { message }).expect("claimed");
    assert!(matches!(claim, outbound::record::Claimed::Send(dispatch) if dispatch.attempt == 1));
    let other = desk.run(number(12), &ClaimDispatch { message });
    assert!(other.is_err_and(|failure| failure.refusal().is_some_and(|it| *it.code() == Code::DeliveryNotDue)));
}

#[test]
fn b10_a_pump_whose_store_fails_loses_nothing() {
    let (desk, conversation) = moody(4);
    let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
    let message = desk.run(number(10), &send).expect("sent").message;
    desk.clock().advance(TimeDelta::seconds(1));
    let other = desk.run(number(14), &sms("bruno", "+351912345679")).expect("started").conversation;
    desk.run(number(15), &SendMessage::new(id("bruno"), other, Wording::text("hello"))).expect("sent");
    // The claim is written, the answer is not; and nothing more is tried then.
    in_mood(&desk, &[Mood::Well, Mood::Failed]);
    let pumped = desk.deliver_due(number(11), &takes, &NoMedia, 10).expect("the answer is told");
    let [PumpedMessage { message: stuck, how: PumpedHow::Stuck { answered, why }, .. }] = &pumped.messages[..] else {
        panic!("{pumped:?}")
    };
    assert_eq!((*stuck, why.as_str()), (message, "the store failed: the line is down"));
    assert!(matches!(answered, Some(SendResult::Accepted { .. })), "{answered:?}");
    assert_eq!(pumped.ended, Ended::CutShort("the store failed: the line is down".into()));
    let pumped = desk.deliver_due(number(12), &takes, &NoMedia, 10).expect("works");
    assert_eq!((pumped.totals().total(), pumped.ended), (1, Ended::Done), "while the lease lasts");
    desk.clock().advance(TimeDelta::seconds(61));
    let keys = Mutex::new(Vec::new());
    let takes_down = |dispatch: &Dispatch| {
        keys.lock().expect("no thread panics").push((dispatch.idempotency_key, dispatch.attempt));
        takes(dispatch)
    };
    assert_eq!(desk.deliver_due(number(13), &takes_down, &NoMedia, 10).expect("works").totals().sent, 1);
    assert_eq!(*keys.lock().expect("no thread panics"), [(message, 2)], "under the same idempotency key");
}

#[test]
fn b14_a_refusal_is_told_though_its_record_may_be_lost() {
    let (desk, _) = moody(4);
    let desk = desk.with_audit(Audit::Refusals);
    in_mood(&desk, &[Mood::Failed]);
    assert!(matches!(desk.run(number(10), &sms("bruno", RITA)), Err(Failure::Store(LineDown))));
    for mood in [Mood::Well, Mood::Conflict, Mood::UnknownButApplied, Mood::UnknownNotApplied] {
        let (desk, _) = moody(4);
        let desk = desk.with_audit(Audit::Refusals);
        in_mood(&desk, &[mood]);
        let refused = desk.run(number(10), &sms("bruno", RITA));
        assert!(refused.is_err_and(|it| it.refusals().is_some_and(|it| it.has(&Code::ConversationExists))), "{mood:?}");
        assert_eq!(commits(&desk), 1);
    }
}

#[test]
fn a_desk_that_may_not_try_does_nothing() {
    let (desk, _) = moody(4);
    let desk = desk.with_attempts(0);
    let before = desk.store().store.world();
    assert!(matches!(desk.run(number(10), &sms("ana", "+351912345679")), Err(Failure::Contention(0))));
    assert_eq!(desk.store().store.world(), before);
}

/// How often a command asks the store: these numbers are promises to hosts, and only go down.
#[test]
fn commands_load_seldom() {
    let (desk, conversation) = moody(4);
    let mut nth = 100;
    let mut within = |most: usize, run: &dyn Fn(CommandId)| {
        nth += 1;
        in_mood(&desk, &[]);
        run(number(nth));
        let (loads, commits) = (loads(&desk), commits(&desk));
        assert!(loads <= most && commits <= 1, "{loads} loads and {commits} commits, line {nth}");
    };
    fn done<T: Debug>(outcome: Result<T, Failure<LineDown>>) -> T {
        outcome.unwrap_or_else(|failure| panic!("{failure}"))
    }
    // A start: one load for an address that was never seen, or whose conversations are closed.
    within(1, &|number| drop(done(desk.run(number, &sms("ana", "+351912345601")))));
    within(1, &|number| drop(done(desk.run(number, &email("ana", "rita@example.com")))));
    // Refused for a conversation that exists: two, since the reason names it.
    within(2, &|number| assert!(desk.run(number, &sms("bruno", RITA)).is_err()));
    // A text: two, since the conversation names the contact that guards consent; an e-mail under a new subject: the same two.
    within(2, &|number| {
        done(desk.run(number, &SendMessage::new(id("ana"), conversation, Wording::text("hello"))));
    });
    let mail = desk.store().store.world();
    let mail = mail.conversations().find(|it| it.channel() == Channel::Email).expect("the e-mail").id();
    within(2, &|number| {
        done(desk.run(number, &SendMessage::new(id("ana"), mail, Wording::text("hello")).with_subject("Hello")));
    });
    // A message: one where it opens, two where it joins.
    within(1, &|number| {
        done(desk.run(number, &inbound("sms_care", "+351912345602", "in-1", "hi")));
    });
    within(2, &|number| {
        done(desk.run(number, &inbound("sms_care", RITA, "in-2", "hi")));
    });
    // An e-mail: one where it names nothing; one more for the messages that it names, and one more for their conversations where
    // these are others than the one that its sender has open.
    let headers = |pairs: &[(&str, &str)]| {
        let mail = ParsedMail { headers: MailHeaders::from_pairs(pairs.iter().copied()), ..ParsedMail::default() };
        ReceiveMessage::from_mail(id("mail_care"), &mail)
    };
    let mail = |from: &str, number: &str, answered: &str| {
        headers(&[("From", from), ("Message-ID", number), ("In-Reply-To", answered), ("References", answered)])
    };
    within(1, &|number| {
        done(desk.run(number, &mail("paul@example.com", "<1@x>", "<unseen@x>")));
    });
    within(2, &|number| {
        done(desk.run(number, &mail("paul@example.com", "<2@x>", "<1@x>")));
    });
    within(3, &|number| {
        done(desk.run(number, &mail("eve@example.com", "<3@x>", "<1@x>")));
    });
    // Received twice: two.
    within(2, &|number| assert!(done(desk.run(number, &inbound("sms_care", RITA, "in-2", "hi"))).duplicate));
    // A message's attempt, its answer, and its retry: two each, since the message names the contact and the conversation.
    let text = SendMessage::new(id("ana"), conversation, Wording::text("again"));
    let message = desk.run(number(99), &text).expect("sent").message;
    let earlier = desk.store().store.world().messages().find(|it| it.not_after().is_some()).expect("one").id();
    for attempt in [earlier, message] {
        within(2, &|number| drop(done(desk.run(number, &ClaimDispatch { message: attempt }))));
        let result = SendResult::permanent(Cause::Blocked, "no");
        within(3, &|number| {
            done(desk.run(number, &RecordAttempt { message: attempt, attempt: 1, result: result.clone() }));
        });
    }
    within(2, &|number| drop(done(desk.run(number, &RetryMessage::new(id("ana"), message)))));
    // What is told of an address: one; a keyword as any message.
    let told = SetConsent::by_host(Channel::Sms, RITA, ConsentChange::OptOut);
    within(1, &|number| {
        done(desk.run(number, &told));
    });
    within(2, &|number| {
        done(desk.run(number, &inbound("sms_care", RITA, "in-3", "START")));
    });
    // A transfer and its answer.
    let asked = Transfer { agent: id("ana"), conversation, to: Target::Agent(id("bruno")) };
    within(1, &|number| drop(done(desk.run(number, &asked))));
    let offer = desk.store().store.world().conversations().find_map(|it| it.state().offer().map(|offer| offer.id));
    let offer: OfferId = offer.expect("an offer");
    within(2, &|number| drop(done(desk.run(number, &Accept { agent: id("bruno"), conversation, offer }))));
    // A closing needs the contact as well.
    within(2, &|number| {
        done(desk.run(number, &Close { by: By::Agent(id("bruno")), conversation }));
    });
    within(1, &|number| {
        done(desk.run(number, &WrapUp { agent: id("bruno"), conversation, reason: id("resolved") }));
    });
    // States, and firing a wrap-up.
    let idle = SetState { agent: id("bruno"), class: None, state: ChosenState::Idle(id("lunch")) };
    within(1, &|number| {
        done(desk.run(number, &idle));
    });
    desk.clock().advance(TimeDelta::seconds(61));
    within(2, &|number| drop(done(desk.run(number, &FireDue { at: Key::presence(&id("ana")) }))));
    // The router: its receipt, the queue, the conversation at its head, the queue's agents.
    within(4, &|number| drop(done(desk.run(number, &RouteNext { queue: id("care_queue"), agent: None }))));
}

// ---- What MemoryStore promises as a store.

fn ask(store: &MemoryStore, query: &Query) -> Vec<Entry> {
    let loaded = store.load(&Reads { keys: Vec::new(), queries: vec![query.clone()] }).expect("memory does not fail");
    let [(answered, entries)] = &loaded.found[..] else { panic!("one answer to one question: {loaded:?}") };
    assert_eq!(answered, query);
    entries.clone()
}

/// Rows come and go while pages are read: every row that stays is seen exactly once, in order.
#[test]
fn queries_page_by_cursor_while_rows_change() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let received: Vec<ConversationId> = (0..9)
        .map(|nth| {
            floor.advance(1);
            floor.receive_sms("sms_care", &format!("+35191234560{nth}"), "hello").conversation
        })
        .collect();
    let store = floor.desk.store();
    let queue = id("care_queue");
    let all = ask(store, &Query::waiting(&queue, 100));
    assert!(all.is_sorted());
    let in_order: Vec<_> = all.iter().filter_map(|entry| entry.key.as_conversation()).collect();
    assert_eq!(in_order, received, "the head first");
    assert_eq!(ask(store, &Query::waiting(&queue, 0)), []);
    assert_eq!(ask(store, &Query::waiting(&id("fallback"), 100)), []);

    let mut seen = ask(store, &Query::waiting(&queue, 3));
    assert_eq!(seen, all[..3]);
    // The last one seen goes, one that was to come goes, and a new one comes.
    for gone in [received[2], received[5]] {
        floor.ok(&Close { by: By::Host, conversation: gone });
    }
    floor.advance(1);
    let new = floor.receive_sms("sms_care", "+351912345699", "hello").conversation;
    while let Some(last) = seen.last() {
        let page = ask(store, &Query::waiting(&queue, 3).after(last.cursor()));
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let seen: Vec<_> = seen.iter().filter_map(|entry| entry.key.as_conversation()).collect();
    let expected = received.iter().copied().filter(|it| *it != received[5]).chain([new]);
    assert_eq!(seen, expected.collect::<Vec<_>>());
}

#[test]
fn queries_of_time_answer_nothing_beyond_their_bound() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", RITA);
    let offered = floor.transfer("ana", conversation, "bruno");
    let store = floor.desk.store();
    let just_before = offered.expires - TimeDelta::microseconds(1);
    assert_eq!(ask(store, &Query::due(just_before, 10)), []);
    let [due] = ask(store, &Query::due(offered.expires, 10))[..] else { panic!("it is due at its deadline") };
    assert_eq!(due.key, Key::conversation(conversation));
    assert_eq!(ask(store, &Query::due(offered.expires, 10).after(due.cursor())), []);
    // A cursor behind the bound is no error.
    assert_eq!(ask(store, &Query::due(just_before, 10).after(due.cursor())), []);
    let message = floor.desk.run(floor.id(), &SendMessage::new(id("ana"), conversation, Wording::text("hello")));
    assert!(message.is_err(), "it is frozen");
    floor.accept("bruno", conversation, offered.offer);
    assert_eq!(ask(store, &Query::due(offered.expires, 10)).len(), 0, "the offer is over; the wrap-up comes later");
    let message = floor.send("bruno", conversation, "hello");
    let [outbox] = ask(store, &Query::outbox(floor.now(), 10))[..] else { panic!("one message waits") };
    assert_eq!(outbox.key.as_message(), Some(message));
    assert_eq!(ask(store, &Query::outbox(floor.now() - TimeDelta::microseconds(1), 10)), []);
    floor.pump();
    assert_eq!(ask(store, &Query::outbox(floor.now() + TimeDelta::days(9), 10)), []);
}

#[test]
fn a_load_answers_every_key_and_every_query() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let keys = vec![Key::presence(&id("ana")), Key::presence(&id("bruno")), Key::presence(&id("ana"))];
    let queries = vec![Query::due(floor.now(), 1), Query::records(Kind::Presence, 10)];
    let loaded = floor.desk.store().load(&Reads { keys: keys.clone(), queries: queries.clone() }).expect("loads");
    let answered: Vec<_> = loaded.records.iter().map(|(key, found)| (*key, found.is_some())).collect();
    assert_eq!(answered, [(keys[0], true), (keys[1], false), (keys[2], true)]);
    assert_eq!(loaded.found.iter().map(|(query, _)| query.clone()).collect::<Vec<_>>(), queries);
    assert_eq!(floor.desk.store().load(&Reads::default()).expect("loads"), Loaded::default());
}

#[test]
fn all_records_of_a_kind_are_paged() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno", "carla"]);
    for nth in 0..5 {
        floor.receive_sms("sms_care", &format!("+35191234560{nth}"), "hello");
    }
    let store = floor.desk.store();
    for kind in Kind::ALL {
        let whole = ask(store, &Query::records(kind, 100));
        let expected: Vec<Key> =
            floor.world().records().map(|it| it.record.key()).filter(|it| it.kind() == kind).collect();
        assert_eq!(whole.iter().map(|entry| entry.key).collect::<Vec<_>>(), expected, "in the order of the keys");
        let mut paged = ask(store, &Query::records(kind, 2));
        while let Some(last) = paged.last() {
            let page = ask(store, &Query::records(kind, 2).after(last.cursor()));
            assert!(page.len() <= 2);
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, whole);
    }
}

#[test]
fn the_feed_and_the_streams_give_every_event_once() {
    let store = MemoryStore::new();
    story(&Sync(Desk::new(store.clone(), terms(), clock())));
    let all = store.all_events();
    for limit in [1, 2, 7, 1000] {
        let (mut read, mut after) = (Vec::new(), 0);
        loop {
            let page = store.events(&EventQuery::Feed { after, limit }).expect("memory does not fail");
            assert!(page.events.len() <= limit);
            if page.events.is_empty() {
                assert_eq!(page.next, after, "the position stays");
                break;
            }
            after = page.next;
            read.extend(page.events);
        }
        assert_eq!(read, all);
    }
    let end = store.events(&EventQuery::Feed { after: u64::MAX, limit: 5 }).expect("memory does not fail");
    assert!(end.events.is_empty());
    for stream in store.world().records().map(|it| it.record.key()) {
        let expected: Vec<Envelope> = all.iter().filter(|it| it.stream == stream).cloned().collect();
        for limit in [1, 3, 1000] {
            let (mut read, mut after) = (Vec::new(), 0);
            loop {
                let page = store.events(&EventQuery::Stream { stream, after, limit }).expect("memory does not fail");
                if page.events.is_empty() {
                    assert_eq!(page.next, after);
                    break;
                }
                assert!(page.events.len() <= limit);
                after = page.next;
                read.extend(page.events);
            }
            assert_eq!(read, expected, "{stream}");
        }
    }
}

#[test]
fn receipts_are_forgotten_behind_their_horizon() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let start = floor.id();
    let conversation = floor.desk.run(start, &sms("ana", RITA)).expect("started").conversation;
    let receipts = || ask(floor.desk.store(), &Query::records(Kind::Receipt, 100)).len();
    assert_eq!(receipts(), 1, "the signing in; a start is remembered by its conversation");
    floor.advance(100);
    let horizon = floor.now();
    let idle = floor.id();
    let idle_command = SetState { agent: id("ana"), class: None, state: ChosenState::Idle(id("lunch")) };
    floor.desk.run(idle, &idle_command).expect("idle");
    assert_eq!(receipts(), 2);
    assert_eq!(floor.desk.store().forget_receipts(horizon), 1, "what is at the horizon stays");
    assert_eq!(floor.desk.store().forget_receipts(horizon), 0);
    assert_eq!(receipts(), 1);
    let versions = floor.presence("ana");
    floor.run_as(idle, &idle_command).expect("the first outcome");
    assert_eq!(floor.presence("ana"), versions);
    assert_eq!(floor.run_as(start, &sms("ana", RITA)).map(|it| it.conversation), Ok(conversation));
    floor.check();
}

#[test]
fn b14_events_that_everybody_has_read_are_forgotten_and_the_feed_goes_on() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let idle = || ChosenState::Idle(id("lunch"));
    // Without the floor's checks of the whole world, which fold all events.
    let set =
        |agent, state| floor.desk.run(floor.id(), &SetState { agent: id(agent), class: None, state }).expect("set");
    let toggle = |times: usize| {
        for nth in 0..times {
            set("ana", if nth % 2 == 0 { idle() } else { ChosenState::Available });
        }
    };
    toggle(3_000);
    let store = floor.desk.store();
    let feed = |after, limit| store.events(&EventQuery::Feed { after, limit }).expect("it never fails");
    let stream = |agent: &str, after| {
        let stream = Key::presence(&id(agent));
        store.events(&EventQuery::Stream { stream, after, limit: 9_999 }).expect("it never fails").events
    };
    let all = store.all_events();
    let (behind, world) = (feed(2_500, 10), store.world());

    assert_eq!(store.forget_events(1_000), 0, "too few to be worth it");
    assert_eq!(store.forget_events(2_500), 2_048);
    assert_eq!(store.forget_events(2_500), 0);
    assert_eq!(store.all_events(), all[2_048..]);
    assert_eq!((feed(2_500, 10), store.world()), (behind, world), "positions and records are what they were");
    let slow = feed(7, 10);
    assert_eq!((&slow.events[..], slow.next), (&all[2_048..2_058], 2_058), "who is too slow goes on behind them");
    let left: Vec<u64> = stream("ana", 0).iter().map(|it| it.sequence).collect();
    assert_eq!(left, (left[0]..=3_001).collect::<Vec<_>>(), "without gaps");
    assert_eq!(stream("bruno", 0), [], "all of them are gone");

    toggle(200);
    set("bruno", idle());
    assert_eq!(stream("bruno", 0).iter().map(|it| it.sequence).collect::<Vec<_>>(), [2]);
    let end = store.all_events().len() as u64 + 2_048;
    assert_eq!(feed(end - 1, 10).events.len(), 1);
    assert_eq!((feed(end, 10).next, feed(u64::MAX, 10).next), (end, end));
    assert_eq!(store.forget_events(u64::MAX), 1_024);
    assert_eq!(feed(end - 1, 10).events.len(), 1, "the newest stay");
}

#[test]
fn a_commit_is_whole_or_not_at_all() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let (terms, start) = (floor.desk.terms(), sms("ana", RITA));
    let mut run = Run::new(&terms, floor.now(), floor.id(), &start);
    // What is tried here the engine never does, so the store is asked behind the floor's back.
    let store: &MemoryStore = floor.desk.store();
    let changes = loop {
        match run.step() {
            Next::Load(reads) => run.supply(store.load(&reads).expect("memory does not fail")),
            Next::Commit(changes, _) => break changes,
            other => panic!("{other:?}"),
        }
    };
    let before = (store.world(), store.entries(), store.all_events());
    for place in 0..changes.guards.len() {
        let mut stale = changes.clone();
        stale.guards[place].version = match stale.guards[place].version {
            None => Some(Version(1)),
            Some(Version(version)) => Some(Version(version + 1)),
        };
        assert_eq!(store.commit(*stale), Err(CommitError::Conflict));
        assert_eq!((store.world(), store.entries(), store.all_events()), before);
    }
    assert_eq!(store.commit(Changes::clone(&changes)), Ok(()));
    assert_eq!(store.commit(*changes), Err(CommitError::Conflict), "the guards saw what was before");
    floor.check();
}

/// What a decision only looked at is guarded as well: here the contact that leads to the open conversation, and the agent
/// who could not take the parked task.
#[test]
fn what_is_only_looked_at_is_guarded() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let conversation = floor.start_sms("ana", RITA);
    let until = floor.now() + TimeDelta::seconds(60);
    floor.ok(&Park { agent: id("ana"), conversation, until, queue: None });
    floor.set_idle("ana");
    let (terms, reply) = (floor.desk.terms(), inbound("sms_care", RITA, "in-1", "hello"));
    let mut run = Run::new(&terms, floor.now(), floor.id(), &reply);
    let store = floor.desk.store();
    let changes = loop {
        match run.step() {
            Next::Load(reads) => run.supply(store.load(&reads).expect("memory does not fail")),
            Next::Commit(changes, _) => break changes,
            other => panic!("{other:?}"),
        }
    };
    let world = floor.world();
    let version = |key: Key| world.records().find(|it| it.record.key() == key).map(|it| it.version);
    let contact = world.contacts().next().expect("the contact").key();
    for key in [contact, Key::presence(&id("ana")), Key::conversation(conversation)] {
        let guard = changes.guards.iter().find(|guard| guard.key == key).expect("a guard");
        assert_eq!(guard.version, version(key), "{key}");
    }
    let written: Vec<Key> = changes.writes.iter().map(|write| write.key).collect();
    assert!(!written.contains(&contact) && !written.contains(&Key::presence(&id("ana"))));
    // Ana is back before the commit: the decision is made anew, and she is asked.
    floor.ok(&SetState { agent: id("ana"), class: None, state: ChosenState::Available });
    assert_eq!(store.commit(Changes::clone(&changes)), Err(CommitError::Conflict));
}

/// A command that reads in two goes sees a moment that never was, if others commit in between; it must not refuse for it.
struct Interrupted<F> {
    store: MemoryStore,
    loads: AtomicUsize,
    between: F,
}

impl<F: Fn() + Send + std::marker::Sync> Store for Interrupted<F> {
    type Error = std::convert::Infallible;

    fn load(&self, reads: &Reads) -> Result<Loaded, Self::Error> {
        if self.loads.fetch_add(1, Ordering::Relaxed) == 1 {
            (self.between)();
        }
        self.store.load(reads)
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Self::Error>> {
        self.store.commit(changes)
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Self::Error> {
        self.store.events(query)
    }
}

#[test]
fn r11_a_start_is_not_refused_for_a_conversation_that_closed_while_it_looked() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", RITA);
    let store = Interrupted {
        store: MemoryStore::clone(floor.desk.store()),
        loads: AtomicUsize::new(0),
        between: || floor.close("ana", conversation),
    };
    let desk = Desk::new(store, floor.desk.terms(), Arc::clone(&floor.clock));
    let started = desk.run(floor.id(), &sms("bruno", RITA));
    assert!(started.is_ok(), "{started:?}");
    floor.check();
}

#[test]
fn b02_an_id_used_for_another_message_is_misuse() {
    let floor = Floor::new();
    let number = floor.id();
    floor.desk.run(number, &inbound("sms_care", RITA, "in-1", "hello")).expect("heard");
    let other: ReceiveMessage = inbound("sms_care", RITA, "in-2", "hello");
    let outcome = floor.run_as(number, &other);
    assert_eq!(outcome, Err(Failure::Fault(Fault::Misuse(Misuse::CommandIdReused(number)))));
    let elsewhere: ReceiveMessage = inbound("sms_care", "+351912345679", "in-3", "hello");
    let outcome = floor.run_as(number, &elsewhere);
    assert_eq!(outcome, Err(Failure::Fault(Fault::Misuse(Misuse::CommandIdReused(number)))));
    // The other commands that make something, under the id of a message, and a message under theirs.
    floor.sign_in(&["ana"]);
    let started = floor.id();
    let conversation = floor.desk.run(started, &sms("ana", "+351912345670")).expect("started").conversation;
    let misused = |number| Failure::Fault(Fault::Misuse(Misuse::CommandIdReused(number)));
    let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
    assert_eq!(floor.run_as(number, &send), Err(misused(number)));
    assert_eq!(floor.run_as(number, &sms("ana", "+351912345671")), Err(misused(number)));
    assert_eq!(floor.run_as(started, &elsewhere), Err(misused(started)));
    // A sending whose receipt is forgotten is not done again.
    let sent = floor.id();
    floor.desk.run(sent, &send).expect("sent");
    floor.desk.store().forget_receipts(floor.now() + TimeDelta::seconds(1));
    assert_eq!(floor.run_as(sent, &send), Err(misused(sent)));
    assert_eq!(floor.conversation(conversation).messages(), 1);
}

#[test]
fn b14_all_events_are_read_in_order_however_many_there_are_and_wherever_one_begins() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let ana = Key::presence(&id("ana"));
    for _ in 0..1_100 {
        for state in [ChosenState::Idle(id("lunch")), ChosenState::Available] {
            floor.desk.run(floor.id(), &SetState { agent: id("ana"), state, class: None }).expect("it is set");
        }
    }
    let store = floor.desk.store();
    let all = floor.events();
    assert!(all.len() > 2 * 1_024, "more than the store keeps in one piece: {}", all.len());
    for limit in [1, 7, 1_024, 1_025, usize::MAX] {
        let (mut read, mut after) = (Vec::new(), 0);
        loop {
            let page = store.events(&EventQuery::Feed { after, limit }).expect("events");
            if page.events.is_empty() {
                break;
            }
            after = page.next;
            read.extend(page.events);
        }
        assert!(read == all, "in pages of {limit}");
    }
    for after in [0, 1, 1_023, 1_024, 1_025, 2_048] {
        let feed = store.events(&EventQuery::Feed { after, limit: 3 }).expect("events");
        assert_eq!(feed.events, all[usize::try_from(after).unwrap()..][..3]);
        let stream = store.events(&EventQuery::Stream { stream: ana, after, limit: 3 }).expect("events");
        assert_eq!(stream.events.iter().map(|it| it.sequence).collect::<Vec<_>>(), [after + 1, after + 2, after + 3]);
    }
    let mut seen: Vec<_> = all.iter().map(|it| (it.command, it.ordinal)).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all.len(), "each event has the command that caused it");
}

#[cfg(feature = "testing")]
mod faulty {
    use std::collections::BTreeSet;

    use outbound::port::Delivery;
    use outbound::testing::faults::{DeliveryOdds, FaultyDelivery, FaultyError, FaultyStore, Odds};

    use super::*;

    /// What reached the provider, in its order.
    #[derive(Default)]
    struct Provider(Mutex<Vec<Dispatch>>);

    impl Delivery for Provider {
        fn send(&self, dispatch: &Dispatch) -> SendResult {
            self.0.lock().expect("no thread panics").push(dispatch.clone());
            takes(dispatch)
        }
    }

    impl AsyncDelivery for Provider {
        async fn send(&self, dispatch: &Dispatch) -> SendResult {
            Delivery::send(self, dispatch)
        }
    }

    /// Twenty messages through a delivery that goes wrong, by a pump of either kind: how often it was called in vain, and what
    /// reached the provider.
    fn delivered(seed: u64, is_async: bool) -> (usize, Vec<Dispatch>) {
        let (store, clock) = (MemoryStore::new(), clock());
        let desk = Desk::new(store.clone(), terms(), Arc::clone(&clock));
        let other = AsyncDesk::new(Blocking(store), terms(), Arc::clone(&clock));
        let sign_in = SignIn { agent: id("ana"), team: id("care"), state: ChosenState::Available };
        desk.run(number(1), &sign_in).expect("signed in");
        let conversation = desk.run(number(2), &sms("ana", RITA)).expect("started").conversation;
        let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
        for nth in 10..30 {
            desk.run(number(nth), &send).expect("sent");
        }
        let odds = DeliveryOdds { answer_lost: 40, not_reached: 40 };
        let (delivery, mut all) = (FaultyDelivery::new(Provider::default(), seed, odds), Totals::default());
        for nth in 100..200 {
            let pumped = match is_async {
                true => poll(other.deliver_due(number(nth), &delivery, &NoMedia, 10)),
                false => desk.deliver_due(number(nth), &delivery, &NoMedia, 10),
            };
            let pumped = pumped.expect("the pump works").totals();
            (all.sent, all.postponed) = (all.sent + pumped.sent, all.postponed + pumped.postponed);
            clock.advance(TimeDelta::seconds(600));
        }
        assert_eq!(all.sent, 20, "every message leaves: {all:?}");
        let reached = std::mem::take(&mut *delivery.inner().0.lock().expect("no thread panics"));
        (all.postponed, reached)
    }

    #[test]
    fn b10_what_a_delivery_loses_is_sent_again_under_its_key() {
        let (in_vain, reached) = delivered(7, false);
        let keys: BTreeSet<_> = reached.iter().map(|dispatch| dispatch.idempotency_key).collect();
        assert_eq!(keys.len(), 20);
        assert!(reached.len() > 20, "some answers are lost");
        assert!(reached.len() < 20 + in_vain, "some sendings are");
        assert_eq!(delivered(7, false), (in_vain, reached.clone()), "the same seed");
        assert_eq!(delivered(7, true), (in_vain, reached.clone()), "the same odds");
        assert_ne!(delivered(8, false), (in_vain, reached));
    }

    #[test]
    fn a_faulty_store_goes_wrong_in_the_same_way_asynchronously() {
        let odds = Odds { conflict: 40, unknown_but_applied: 40, unknown_not_applied: 40, failed: 40, stale: 40 };
        let told = |is_async: bool| -> Vec<String> {
            let (faulty, other) = (
                FaultyStore::new(MemoryStore::new(), 3, odds),
                FaultyStore::new(Blocking(MemoryStore::new()), 3, odds),
            );
            let (desk, other) = (Desk::new(faulty, terms(), clock()), AsyncDesk::new(other, terms(), clock()));
            let sign_in = SignIn { agent: id("ana"), team: id("care"), state: ChosenState::Available };
            let run = |nth| match is_async {
                true => format!("{:?}", poll(other.run(number(nth), &sign_in))),
                false => format!("{:?}", desk.run(number(nth), &sign_in)),
            };
            let runs: Vec<String> = (1..40).map(run).collect();
            let query = EventQuery::Feed { after: 0, limit: 10 };
            let events = match is_async {
                true => poll(AsyncStore::events(other.store(), &query)).map(|page| page.events.len()),
                false => Store::events(desk.store(), &query).map(|page| page.events.len()),
            };
            let events: Result<usize, FaultyError<std::convert::Infallible>> = events;
            runs.into_iter().chain([format!("{events:?}")]).collect()
        };
        assert_eq!(told(true), told(false));
        assert!(told(true).iter().any(|outcome| outcome.contains("Injected")), "{:?}", told(true));
    }
}
