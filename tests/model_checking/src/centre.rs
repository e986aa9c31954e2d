//! The small world as a state that moves: each step of each hand, each crash, each tick of the clock is an action.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use outbound::command::{RecordAttempt, SignIn};
use outbound::directory::{Directory, Setup};
use outbound::engine::{Changes, Loaded, Next, Reads, Run, Terms};
use outbound::model::{Cause, ChosenState, CommandId, Dispatch, MessageId, SendResult, ShapeOnly};
use outbound::record::{Entry, Index};
use stateright::{Model, Property};

use crate::deed::{Deed, Sight, id, provider_id};
use crate::order::{Advance, Order};
use crate::properties;
use crate::store::Shelf;

/// What may go wrong, and how often, in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Faults {
    /// A process dies between two steps and begins again; what it had not committed is forgotten.
    pub(crate) crashes: u8,
    /// A commit is applied and nobody hears of it.
    pub(crate) unheard: u8,
    /// The provider cannot take a message now.
    pub(crate) busy: u8,
    /// The provider takes a message and its answer is lost.
    pub(crate) lost_answers: u8,
}

/// A world to explore.
#[derive(Debug, Clone)]
pub(crate) struct Centre {
    pub(crate) terms: Terms,
    /// What each hand does, in order.
    pub(crate) hands: Vec<Vec<Deed>>,
    pub(crate) faults: Faults,
    /// What happened before anything else.
    pub(crate) before: Vec<Deed>,
}

/// What a provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    Takes,
    TakesAndIsNotHeard,
    IsBusy,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Happening {
    /// A hand loads, or commits, or begins.
    Step(usize),
    /// A hand's commit is applied, and it does not hear so.
    Unheard(usize),
    /// A hand dies between two steps.
    Crash(usize),
    /// A provider answers to a pump.
    Provider(usize, Answer),
    /// Time passes until something is due.
    Tick,
}

/// A value that is compared by its digest.
#[derive(Clone)]
pub(crate) struct Digested<T>(Arc<T>, u64);

impl<T: std::fmt::Debug> Digested<T> {
    fn new(value: T) -> Self {
        let mut hasher = std::hash::DefaultHasher::new();
        format!("{value:?}").hash(&mut hasher);
        Self(Arc::new(value), hasher.finish())
    }
}

impl<T> std::fmt::Debug for Digested<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:x}", self.1)
    }
}

impl<T> PartialEq for Digested<T> {
    fn eq(&self, other: &Self) -> bool {
        self.1 == other.1
    }
}

impl<T> Eq for Digested<T> {}

impl<T> Hash for Digested<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.hash(state);
    }
}

/// How far a hand is with what it does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    /// It has not begun, or died and begins again.
    Idle,
    /// It was given this much of what it asked for.
    Loading { order: Order, at: DateTime<Utc>, so_far: Vec<Digested<Loaded>>, wants: Digested<Reads> },
    /// It decided, and is about to commit.
    Decided { order: Order, changes: Digested<Changes>, dispatch: Option<Digested<Dispatch>> },
    /// A pump has claimed a message and hands it to the provider.
    Sending(Digested<Dispatch>),
}

/// One hand: a process that does one thing after the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Hand {
    /// How many of its deeds are done.
    pub(crate) done: u8,
    /// The command that it must repeat after a crash, as a client would; none for clocks and pumps, who look anew.
    pending: Option<Order>,
    /// What a pump has to write down after a sending.
    recording: Option<Order>,
    pub(crate) phase: Phase,
}

/// A state of the small world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) now: DateTime<Utc>,
    pub(crate) shelf: Shelf,
    pub(crate) hands: Vec<Hand>,
    /// What the provider took, and how often it was asked.
    pub(crate) taken: BTreeMap<MessageId, u8>,
    left: Faults,
    /// What can never be: a command that found the records contradicting each other.
    pub(crate) broken: bool,
    /// Whether a command was refused; whether a commit found that others were faster.
    pub(crate) refused: bool,
    pub(crate) conflicted: bool,
}

fn beginning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).single().unwrap_or_default()
}

fn command_id(hand: usize, number: u8) -> CommandId {
    let hand = u8::try_from(hand).unwrap_or(u8::MAX);
    CommandId::new(beginning(), [hand, number, 0, 0, 0, 0, 0, 0, 0, 1])
}

impl Centre {
    pub(crate) fn new(before: &[Deed], hands: &[&[Deed]], faults: Faults) -> Self {
        let setup: Setup = serde_json::from_str(include_str!("organization.json")).expect("the set-up can be read");
        let directory = Directory::new(setup).expect("the set-up is sound");
        let hands = hands.iter().map(|deeds| deeds.to_vec()).collect();
        Self { terms: Terms::new(directory, ShapeOnly), hands, faults, before: before.to_vec() }
    }

    /// The next deadline that is still to come.
    fn next_deadline(&self, state: &State) -> Option<DateTime<Utc>> {
        let timed = |entry: &&Entry| matches!(entry.index, Index::Due | Index::Outbox);
        let to_come = |at: &DateTime<Utc>| *at > state.now;
        let times =
            state.shelf.entries().iter().filter(timed).filter_map(|entry| DateTime::from_timestamp_micros(entry.order));
        times.filter(to_come).min()
    }

    /// What a hand would begin now, if it is free.
    fn next_order(&self, state: &State, of: usize) -> Option<Order> {
        let hand = &state.hands[of];
        if let Some(order) = hand.recording.as_ref().or(hand.pending.as_ref()) {
            return Some(order.clone());
        }
        let deeds = &self.hands[of];
        let deed = deeds.get(usize::from(hand.done)).or_else(|| deeds.last().filter(|last| last.is_endless()))?;
        let taken = state.taken.keys().next().copied();
        deed.order(&Sight { shelf: &state.shelf, now: state.now, taken })
    }

    fn is_endless(&self, hand: usize) -> bool {
        self.hands[hand].last().is_some_and(|last| last.is_endless())
    }

    /// Goes on with a command after it was given what it asked for.
    fn go_on(&self, state: &mut State, of: usize, order: Order, at: DateTime<Utc>, so_far: Vec<Digested<Loaded>>) {
        let loaded: Vec<Loaded> = so_far.iter().map(|loaded| Loaded::clone(&loaded.0)).collect();
        let id = command_id(of, state.hands[of].done);
        match order.advance(&self.terms, at, id, &loaded) {
            Advance::Load(reads) => {
                state.hands[of].phase = Phase::Loading { order, at, so_far, wants: Digested::new(reads) };
            }
            Advance::Commit(changes, dispatch) => {
                let dispatch = dispatch.map(|dispatch| Digested::new(*dispatch));
                state.hands[of].phase = Phase::Decided { order, changes: Digested::new(*changes), dispatch };
            }
            Advance::End { refused, dispatch } => {
                state.refused |= refused;
                state.end(of, dispatch.map(|dispatch| Digested::new(*dispatch)));
            }
            Advance::Broken(_) => state.broken = true,
        }
    }

    fn step(&self, state: &mut State, of: usize) -> Option<()> {
        match state.hands[of].phase.clone() {
            Phase::Idle => {
                let order = self.next_order(state, of)?;
                if !self.is_endless(of) {
                    state.hands[of].pending = Some(order.clone());
                }
                self.go_on(state, of, order, state.now, Vec::new());
            }
            Phase::Loading { order, at, mut so_far, wants } => {
                so_far.push(Digested::new(state.shelf.load(&wants.0)));
                self.go_on(state, of, order, at, so_far);
            }
            Phase::Decided { changes, dispatch, .. } => {
                if state.shelf.commit(&changes.0) {
                    state.end(of, dispatch);
                } else {
                    state.conflicted = true;
                    state.hands[of].phase = Phase::Idle;
                }
            }
            Phase::Sending(_) => return None,
        }
        Some(())
    }

    fn unheard(&self, state: &mut State, of: usize) -> Option<()> {
        let Phase::Decided { changes, .. } = state.hands[of].phase.clone() else { return None };
        state.left.unheard -= 1;
        if state.shelf.commit(&changes.0) {
            state.die(of);
            Some(())
        } else {
            None
        }
    }

    fn answer(&self, state: &mut State, of: usize, answer: Answer) -> Option<()> {
        let Phase::Sending(dispatch) = state.hands[of].phase.clone() else { return None };
        let message = dispatch.0.idempotency_key;
        if answer != Answer::IsBusy {
            let asked = state.taken.entry(message).or_default();
            *asked = asked.saturating_add(1);
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
        };
        let record = RecordAttempt { message, attempt: dispatch.0.attempt, result };
        let hand = &mut state.hands[of];
        hand.recording = Some(record.into());
        hand.phase = Phase::Idle;
        Some(())
    }

    /// Whether nothing can happen any more.
    pub(crate) fn is_at_rest(&self, state: &State) -> bool {
        let mut happenings = Vec::new();
        self.actions(state, &mut happenings);
        happenings.is_empty()
    }

    fn begin(&self) -> State {
        let hand = Hand { done: 0, pending: None, recording: None, phase: Phase::Idle };
        let mut state = State {
            now: beginning(),
            shelf: Shelf::default(),
            hands: vec![hand; self.hands.len()],
            taken: BTreeMap::new(),
            left: self.faults,
            broken: false,
            refused: false,
            conflicted: false,
        };
        for (number, agent) in (0..).zip(["ana", "bruno"]) {
            let sign_in = SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available };
            let mut run = Run::new(&self.terms, state.now, command_id(200, number), &sign_in);
            while let next @ (Next::Load(_) | Next::Commit(..)) = run.step() {
                match next {
                    Next::Load(reads) => run.supply(state.shelf.load(&reads)),
                    Next::Commit(changes, _) => {
                        assert!(state.shelf.commit(&changes), "agents sign in");
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
        let order = deed.order(&Sight { shelf: &state.shelf, now: state.now, taken: None }).expect("it can be done");
        let mut so_far = Vec::new();
        loop {
            match order.advance(&self.terms, state.now, id, &so_far) {
                Advance::Load(reads) => so_far.push(state.shelf.load(&reads)),
                Advance::Commit(changes, _) => {
                    assert!(state.shelf.commit(&changes), "nobody was faster");
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
}

impl Model for Centre {
    type State = State;
    type Action = Happening;

    fn init_states(&self) -> Vec<State> {
        vec![self.begin()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Happening>) {
        if state.broken {
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
                    if state.left.unheard > 0 {
                        actions.push(Happening::Unheard(of));
                    }
                }
                Phase::Sending(_) => {
                    actions.push(Happening::Provider(of, Answer::Takes));
                    if state.left.busy > 0 {
                        actions.push(Happening::Provider(of, Answer::IsBusy));
                    }
                    if state.left.lost_answers > 0 {
                        actions.push(Happening::Provider(of, Answer::TakesAndIsNotHeard));
                    }
                }
            }
            let has_begun = hand.recording.is_some() || matches!(hand.phase, Phase::Decided { .. } | Phase::Sending(_));
            if has_begun && state.left.crashes > 0 {
                actions.push(Happening::Crash(of));
            }
        }
        if self.next_deadline(state).is_some() {
            actions.push(Happening::Tick);
        }
    }

    fn next_state(&self, last: &State, action: Happening) -> Option<State> {
        let mut state = last.clone();
        match action {
            Happening::Step(of) => self.step(&mut state, of)?,
            Happening::Unheard(of) => self.unheard(&mut state, of)?,
            Happening::Crash(of) => {
                state.left.crashes -= 1;
                state.die(of);
            }
            Happening::Provider(of, answer) => self.answer(&mut state, of, answer)?,
            Happening::Tick => state.now = self.next_deadline(&state)?,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

/// How late a deadline may be fired before it counts as forgotten, while things still happen.
pub(crate) const LATE: TimeDelta = TimeDelta::days(1);
