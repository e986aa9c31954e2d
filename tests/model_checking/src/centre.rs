//! The small world as a state that moves: each step of each hand, each crash, each tick of the clock is an action.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeZone, Utc};
use outbound::command::{RecordAttempt, SignIn};
use outbound::directory::{Directory, Setup};
use outbound::engine::{Changes, Loaded, Next, Reads, Run, Terms};
use outbound::model::{Cause, ChosenState, CommandId, Dispatch, MessageId, SendResult, ShapeOnly, Status};
use outbound::record::{Entry, Index};
use stateright::{Model, Property};

use crate::deed::{Deed, Sight, id, provider_id};
use crate::digested::{Digested, digest};
use crate::order::{Advance, KINDS, Order};
use crate::properties;
use crate::store::Shelf;
use crate::verdict::{Verdicts, Wrong};

/// What may go wrong, and how often, in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Faults {
    /// A process dies between two steps and begins again; what it had not committed is forgotten.
    pub(crate) crashes: u8,
    /// A process dies while its commit is on its way: that is applied now or later, and nobody hears of it.
    pub(crate) unheard: u8,
    /// The provider cannot take a message now.
    pub(crate) busy: u8,
    /// The provider takes a message and its answer is lost.
    pub(crate) lost_answers: u8,
    /// The provider says that there is no such number.
    pub(crate) no_such_number: u8,
}

/// A world to explore.
#[derive(Debug)]
pub(crate) struct Centre {
    /// The terms, one after the other: the set-up may change at any time.
    pub(crate) terms: Vec<Terms>,
    /// What each hand does, in order.
    pub(crate) hands: Vec<Vec<Deed>>,
    pub(crate) faults: Faults,
    /// What happened before anything else.
    pub(crate) before: Vec<Deed>,
    verdicts: Verdicts,
    /// The states of which it is known that they come to rest.
    calm: Mutex<HashSet<u64>>,
    pub(crate) tally: Tally,
}

/// How the commands of each kind ended, counted over all ways to do so.
#[derive(Debug)]
pub(crate) struct Tally(Vec<[AtomicU64; 3]>);

/// How a command ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    Committed,
    Refused,
    Conflicted,
}

impl Default for Tally {
    fn default() -> Self {
        Self(KINDS.iter().map(|_| Default::default()).collect())
    }
}

impl Tally {
    fn count(&self, order: &Order, end: End) {
        let kind = KINDS.iter().position(|kind| *kind == order.name());
        if let Some(count) = kind.and_then(|kind| self.0[kind].get(end as usize)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often commands of each kind were committed, refused, and too slow.
    pub(crate) fn counts(&self) -> impl Iterator<Item = [u64; 3]> {
        self.0.iter().map(|counts| [0, 1, 2].map(|end: usize| counts[end].load(Ordering::Relaxed)))
    }
}

/// What a provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    Takes,
    TakesAndIsNotHeard,
    IsBusy,
    NoSuchNumber,
    /// It is too late, and so it is not even asked.
    TooLate,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Happening {
    /// A hand loads, or commits, or begins.
    Step(usize),
    /// A hand dies while its commit is on its way.
    Unheard(usize),
    /// The commit of a hand that died arrives.
    Lands,
    /// A hand dies between two steps.
    Crash(usize),
    /// A provider answers to a pump.
    Provider(usize, Answer),
    /// Time passes until something is due.
    Tick,
    /// The administration changes the set-up.
    SetUp,
}

/// How far a hand is with what it does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    /// It has not begun, or died and begins again.
    Idle,
    /// It was given this much of what it asked for.
    Loading { at: Began, so_far: Vec<Digested<Loaded>>, wants: Digested<Reads> },
    /// It decided, and is about to commit.
    Decided { order: Digested<Order>, changes: Digested<Changes>, dispatch: Option<Digested<Dispatch>> },
    /// A pump has claimed a message and hands it to the provider.
    Sending(Digested<Dispatch>),
}

/// What a hand began, when, and under which set-up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Began {
    pub(crate) order: Digested<Order>,
    at: DateTime<Utc>,
    under: usize,
}

/// One hand: a process that does one thing after the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Hand {
    /// How many of its deeds are done.
    pub(crate) done: u8,
    /// The command that it must repeat after a crash, as a client would; none for clocks and pumps, who look anew.
    pending: Option<Digested<Order>>,
    /// What a pump has to write down after a sending.
    recording: Option<Digested<Order>>,
    pub(crate) phase: Phase,
}

/// A state of the small world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) now: DateTime<Utc>,
    /// Which of the terms hold.
    pub(crate) under: usize,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) hands: Vec<Hand>,
    /// What the provider took.
    pub(crate) taken: BTreeSet<MessageId>,
    /// The furthest status of each message that it reported.
    pub(crate) reported: BTreeMap<MessageId, Status>,
    /// A commit that is on its way, and nobody waits for.
    on_its_way: Option<(Digested<Order>, Digested<Changes>)>,
    left: Faults,
    /// What is wrong: a command that found the records contradicting each other, or a commit that breaks a rule or an invariant.
    pub(crate) wrong: Option<Wrong>,
}

fn beginning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).single().unwrap_or_default()
}

fn command_id(hand: usize, number: u8) -> CommandId {
    let hand = u8::try_from(hand).unwrap_or(u8::MAX);
    CommandId::new(beginning(), [hand, number, 0, 0, 0, 0, 0, 0, 0, 1])
}

/// The set-up of the small world.
pub(crate) fn small() -> Setup {
    serde_json::from_str(include_str!("organization.json")).expect("the set-up can be read")
}

impl Centre {
    pub(crate) fn new(setups: Vec<Setup>, before: &[Deed], hands: &[&[Deed]], faults: Faults) -> Self {
        let directory = |setup| Directory::new(setup).expect("the set-up is sound");
        Self {
            terms: setups.into_iter().map(|setup| Terms::new(directory(setup), ShapeOnly)).collect(),
            hands: hands.iter().map(|deeds| deeds.to_vec()).collect(),
            faults,
            before: before.to_vec(),
            verdicts: Verdicts::default(),
            calm: Mutex::default(),
            tally: Tally::default(),
        }
    }

    /// The directory of now.
    pub(crate) fn directory(&self, state: &State) -> &Directory {
        self.terms[state.under].directory()
    }

    /// The next deadline that is still to come.
    fn next_deadline(&self, state: &State) -> Option<DateTime<Utc>> {
        let timed = |entry: &&Entry| matches!(entry.index, Index::Due | Index::Outbox);
        let to_come = |at: &DateTime<Utc>| *at > state.now;
        let times =
            state.shelf.entries().iter().filter(timed).filter_map(|entry| DateTime::from_timestamp_micros(entry.order));
        times.filter(to_come).min()
    }

    fn sight<'a>(&'a self, state: &'a State) -> Sight<'a> {
        let taken = state.taken.first().copied();
        Sight { shelf: &state.shelf, now: state.now, directory: self.directory(state), taken }
    }

    /// What a hand would begin now, if it is free.
    fn next_order(&self, state: &State, of: usize) -> Option<Digested<Order>> {
        let hand = &state.hands[of];
        if let Some(order) = hand.recording.as_ref().or(hand.pending.as_ref()) {
            return Some(order.clone());
        }
        let deeds = &self.hands[of];
        let deed = deeds.get(usize::from(hand.done)).or_else(|| deeds.last().filter(|last| last.is_endless()))?;
        deed.order(&self.sight(state)).map(Digested::new)
    }

    fn is_endless(&self, hand: usize) -> bool {
        self.hands[hand].last().is_some_and(|last| last.is_endless())
    }

    /// Goes on with a command after it was given what it asked for.
    fn go_on(&self, state: &mut State, of: usize, at: Began, so_far: Vec<Digested<Loaded>>) {
        let loaded: Vec<Loaded> = so_far.iter().map(|loaded| Loaded::clone(loaded)).collect();
        let id = command_id(of, state.hands[of].done);
        let made_of = digest((of, state.hands[of].done, &at, &so_far));
        match at.order.advance(&self.terms[at.under], at.at, id, &loaded) {
            Advance::Load(reads) => {
                state.hands[of].phase = Phase::Loading { at, so_far, wants: Digested::under(made_of, reads) };
            }
            Advance::Commit(changes, dispatch) => {
                let dispatch = dispatch.map(|dispatch| Digested::under(made_of, *dispatch));
                let changes = Digested::under(made_of, *changes);
                state.hands[of].phase = Phase::Decided { order: at.order, changes, dispatch };
            }
            Advance::End { refused, dispatch } => {
                if refused {
                    self.tally.count(&at.order, End::Refused);
                }
                state.end(of, dispatch.map(|dispatch| Digested::under(made_of, *dispatch)));
            }
            Advance::Broken(fault) => state.wrong = Some(format!("{}: {fault}", at.order.name()).into()),
        }
    }

    /// Commits, if every guard holds, and looks whether that was right.
    fn commit(&self, state: &mut State, order: &Order, changes: &Digested<Changes>) -> bool {
        if !state.shelf.lets_through(changes) {
            self.tally.count(order, End::Conflicted);
            return false;
        }
        self.tally.count(order, End::Committed);
        let before = Arc::clone(&state.shelf);
        Arc::make_mut(&mut state.shelf).apply(changes);
        let directories: Vec<&Directory> = self.terms.iter().map(Terms::directory).collect();
        if let Order::ReportDelivery(report) = order
            && let Some(message) = state.taken.iter().find(|taken| provider_id(**taken) == report.provider)
        {
            let furthest = state.reported.entry(*message).or_insert(Status::Queued);
            *furthest = Status::from(report.status).max(*furthest);
        }
        if let Some(wrong) = self.verdicts.of(&before, order, changes, state, &directories) {
            state.wrong = Some(wrong);
        }
        true
    }

    fn step(&self, state: &mut State, of: usize) -> Option<()> {
        match state.hands[of].phase.clone() {
            Phase::Idle => {
                let order = self.next_order(state, of)?;
                if !self.is_endless(of) {
                    state.hands[of].pending = Some(order.clone());
                }
                let at = Began { order, at: state.now, under: state.under };
                self.go_on(state, of, at, Vec::new());
            }
            Phase::Loading { at, mut so_far, wants } => {
                so_far.push(state.shelf.load(&wants));
                self.go_on(state, of, at, so_far);
            }
            Phase::Decided { order, changes, dispatch } => {
                if self.commit(state, &order, &changes) {
                    state.end(of, dispatch);
                } else {
                    state.hands[of].phase = Phase::Idle;
                }
            }
            Phase::Sending(_) => return None,
        }
        Some(())
    }

    fn unheard(state: &mut State, of: usize) -> Option<()> {
        let Phase::Decided { order, changes, .. } = state.hands[of].phase.clone() else { return None };
        state.left.unheard -= 1;
        state.on_its_way = Some((order, changes));
        state.die(of);
        Some(())
    }

    fn lands(&self, state: &mut State) -> Option<()> {
        let (order, changes) = state.on_its_way.take()?;
        self.commit(state, &order, &changes);
        Some(())
    }

    fn answer(&self, state: &mut State, of: usize, answer: Answer) -> Option<()> {
        let Phase::Sending(dispatch) = state.hands[of].phase.clone() else { return None };
        let message = dispatch.idempotency_key;
        if matches!(answer, Answer::Takes | Answer::TakesAndIsNotHeard) {
            state.taken.insert(message);
        }
        let result = match answer {
            Answer::Takes => SendResult::accepted(provider_id(message)),
            Answer::TakesAndIsNotHeard => {
                state.left.lost_answers -= 1;
                SendResult::transient(Cause::Unknown, "no answer")
            }
            Answer::IsBusy => {
                state.left.busy -= 1;
                SendResult::transient(Cause::Busy, "busy")
            }
            Answer::NoSuchNumber => {
                state.left.no_such_number -= 1;
                SendResult::permanent(Cause::NoSuchAddress, "no such number")
            }
            Answer::TooLate => SendResult::permanent(Cause::Unknown, "too late"),
        };
        let record = RecordAttempt { message, attempt: dispatch.attempt, result };
        let hand = &mut state.hands[of];
        hand.recording = Some(Digested::new(record.into()));
        hand.phase = Phase::Idle;
        Some(())
    }

    /// Whether nothing can happen any more.
    pub(crate) fn is_at_rest(&self, state: &State) -> bool {
        let goes_on = state.under + 1 < self.terms.len() || state.on_its_way.is_some();
        if goes_on || state.wrong.is_some() || self.next_deadline(state).is_some() {
            return false;
        }
        let rests = |(of, hand): (usize, &Hand)| hand.phase == Phase::Idle && self.next_order(state, of).is_none();
        state.hands.iter().enumerate().all(rests)
    }

    /// Whether everything comes to rest, settled, when from here on nothing goes wrong and each hand in turn does what it can, and
    /// time passes where none can do anything.
    pub(crate) fn comes_to_rest(&self, state: &State) -> bool {
        let (mut state, mut way) = (state.clone(), Vec::new());
        loop {
            let here = digest(&state);
            if way.len() > LONGEST_WAY {
                return false;
            }
            if state.wrong.is_some() {
                break; // Which is told when the exploration comes there.
            }
            if self.calm.lock().is_ok_and(|calm| calm.contains(&here)) {
                break;
            }
            way.push(here);
            match self.quietly(&state).and_then(|happening| self.next_state(&state, happening)) {
                Some(next) => state = next,
                None if properties::is_settled(self, &state) => break,
                None => return false,
            }
        }
        if let Ok(mut calm) = self.calm.lock() {
            calm.extend(way);
        }
        true
    }

    /// What happens next where nothing goes wrong.
    pub(crate) fn quietly(&self, state: &State) -> Option<Happening> {
        let of_hand = |(of, hand): (usize, &Hand)| match &hand.phase {
            Phase::Idle => self.next_order(state, of).map(|_| Happening::Step(of)),
            Phase::Loading { .. } | Phase::Decided { .. } => Some(Happening::Step(of)),
            Phase::Sending(dispatch) => Some(Happening::Provider(of, state.answers(dispatch))),
        };
        if state.on_its_way.is_some() {
            return Some(Happening::Lands);
        }
        let tick = || self.next_deadline(state).map(|_| Happening::Tick);
        state.hands.iter().enumerate().find_map(of_hand).or_else(tick)
    }

    fn begin(&self) -> State {
        let hand = Hand { done: 0, pending: None, recording: None, phase: Phase::Idle };
        let mut state = State {
            now: beginning(),
            under: 0,
            shelf: Arc::default(),
            hands: vec![hand; self.hands.len()],
            taken: BTreeSet::new(),
            reported: BTreeMap::new(),
            on_its_way: None,
            left: self.faults,
            wrong: None,
        };
        for (number, agent) in (0..).zip(["ana", "bruno"]) {
            let sign_in = SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available };
            let mut run = Run::new(&self.terms[0], state.now, command_id(200, number), &sign_in);
            while let next @ (Next::Load(_) | Next::Commit(..)) = run.step() {
                match next {
                    Next::Load(reads) => run.supply(Loaded::clone(&state.shelf.load(&reads))),
                    Next::Commit(changes, _) => {
                        assert!(state.shelf.lets_through(&changes), "agents sign in");
                        Arc::make_mut(&mut state.shelf).apply(&changes);
                        break;
                    }
                    _ => {}
                }
            }
        }
        for (number, deed) in (0..).zip(&self.before) {
            self.do_at_once(&mut state, command_id(201, number), *deed);
        }
        state
    }

    fn do_at_once(&self, state: &mut State, id: CommandId, deed: Deed) {
        let order = deed.order(&self.sight(state)).expect("it can be done");
        let mut so_far = Vec::new();
        loop {
            match order.advance(&self.terms[0], state.now, id, &so_far) {
                Advance::Load(reads) => so_far.push(Loaded::clone(&state.shelf.load(&reads))),
                Advance::Commit(changes, _) => {
                    assert!(state.shelf.lets_through(&changes), "nobody was faster");
                    Arc::make_mut(&mut state.shelf).apply(&changes);
                    return;
                }
                Advance::End { refused, .. } => {
                    assert!(!refused, "{deed:?} comes before everything else");
                    return;
                }
                Advance::Broken(fault) => panic!("{deed:?}: {fault}"),
            }
        }
    }
}

/// More steps than any small world takes to come to rest.
pub(crate) const LONGEST_WAY: usize = 400;

impl State {
    /// A command came to its end; a claim goes on with sending.
    fn end(&mut self, of: usize, dispatch: Option<Digested<Dispatch>>) {
        let hand = &mut self.hands[of];
        hand.pending = None;
        hand.recording = None;
        hand.done = hand.done.saturating_add(1);
        hand.phase = dispatch.map_or(Phase::Idle, Phase::Sending);
    }

    /// A process dies: a client repeats its command, a clock or a pump has forgotten everything.
    fn die(&mut self, of: usize) {
        let hand = &mut self.hands[of];
        hand.phase = Phase::Idle;
        hand.recording = None;
        if hand.pending.is_none() {
            hand.done = hand.done.saturating_add(1);
        }
    }

    /// What a provider answers where nothing goes wrong.
    fn answers(&self, dispatch: &Dispatch) -> Answer {
        if self.now > dispatch.not_after { Answer::TooLate } else { Answer::Takes }
    }
}

impl Model for Centre {
    type State = State;
    type Action = Happening;

    fn init_states(&self) -> Vec<State> {
        vec![self.begin()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Happening>) {
        if state.wrong.is_some() {
            return;
        }
        for (of, hand) in state.hands.iter().enumerate() {
            match &hand.phase {
                Phase::Idle => {
                    if self.next_order(state, of).is_some() {
                        actions.push(Happening::Step(of));
                    }
                }
                Phase::Loading { .. } => actions.push(Happening::Step(of)),
                Phase::Decided { .. } => {
                    actions.push(Happening::Step(of));
                    if state.left.unheard > 0 && state.on_its_way.is_none() {
                        actions.push(Happening::Unheard(of));
                    }
                }
                Phase::Sending(dispatch) => {
                    let answer = state.answers(dispatch);
                    actions.push(Happening::Provider(of, answer));
                    let left = state.left;
                    let others = [
                        (left.busy, Answer::IsBusy),
                        (left.lost_answers, Answer::TakesAndIsNotHeard),
                        (left.no_such_number, Answer::NoSuchNumber),
                    ];
                    let may = others.into_iter().filter(|(left, _)| *left > 0 && answer == Answer::Takes);
                    actions.extend(may.map(|(_, answer)| Happening::Provider(of, answer)));
                }
            }
            let has_begun = hand.recording.is_some() || matches!(hand.phase, Phase::Decided { .. } | Phase::Sending(_));
            if has_begun && state.left.crashes > 0 {
                actions.push(Happening::Crash(of));
            }
        }
        if state.on_its_way.is_some() {
            actions.push(Happening::Lands);
        }
        if self.next_deadline(state).is_some() {
            actions.push(Happening::Tick);
        }
        if state.under + 1 < self.terms.len() {
            actions.push(Happening::SetUp);
        }
    }

    fn next_state(&self, last: &State, action: Happening) -> Option<State> {
        let mut state = last.clone();
        match action {
            Happening::Step(of) => self.step(&mut state, of)?,
            Happening::Unheard(of) => Self::unheard(&mut state, of)?,
            Happening::Lands => self.lands(&mut state)?,
            Happening::Crash(of) => {
                state.left.crashes -= 1;
                state.die(of);
            }
            Happening::Provider(of, answer) => self.answer(&mut state, of, answer)?,
            Happening::Tick => state.now = self.next_deadline(&state)?,
            Happening::SetUp => state.under += 1,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}
