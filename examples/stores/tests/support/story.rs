//! A story that uses every command, told by a desk over any store.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::sync::Arc;

use chrono::TimeDelta;
use outbound::command::*;
use outbound::desk::Desk;
use outbound::directory::Directory;
use outbound::engine::{Command, Question, Reads};
use outbound::model::{
    By, Cause, ChosenState, CommandId, ConversationId, Dispatch, MediaClass, MessageId, OfferId, SendResult, Wording,
};
use outbound::port::{Clock, Failure, ManualClock, NoMedia, Store};
use outbound::query::{History, Overview, Transcript};
use outbound::record::{Claimed, Query, StartedHow, Transferred};
use outbound::refusal::Refusals;

use super::acme::{beginning, command_id, id, inbound, provider_of, sms, sms_or, terms};

pub const RITA: &str = "+351912345678";
pub const SARA: &str = "+351912345679";
pub const TOMAS: &str = "+351912345670";

/// A desk that numbers its commands and writes down what each cost.
pub struct Teller<'m, S> {
    pub desk: Desk<S, Arc<ManualClock>>,
    number: Cell<u64>,
    /// Tells how many round trips there were so far.
    meter: Box<dyn Fn() -> u64 + 'm>,
    pub costs: RefCell<Vec<(&'static str, u64)>>,
}

impl<'m, S: Store> Teller<'m, S> {
    pub fn new(store: S, meter: impl Fn() -> u64 + 'm) -> Self {
        let desk = Desk::new(store, terms(), Arc::new(ManualClock::at(beginning())));
        Self { desk, number: Cell::new(1), meter: Box::new(meter), costs: RefCell::default() }
    }

    pub fn id(&self) -> CommandId {
        self.number.set(self.number.get() + 1);
        command_id(self.desk.clock().now(), self.number.get())
    }

    fn metered<T>(&self, what: &'static str, work: impl FnOnce() -> T) -> T {
        let before = (self.meter)();
        let answer = work();
        self.costs.borrow_mut().push((what, (self.meter)() - before));
        answer
    }

    pub fn run<C: Command>(&self, command: &C) -> Result<C::Output, Failure<S::Error>> {
        self.metered(C::NAME, || self.desk.run(self.id(), command))
    }

    pub fn ok<C: Command>(&self, command: &C) -> C::Output {
        self.run(command).unwrap_or_else(|failure| panic!("{command:?}: {failure:?}"))
    }

    pub fn refused<C: Command>(&self, command: &C) -> Refusals {
        match self.run(command) {
            Err(Failure::Refused(refusals)) => *refusals,
            Ok(done) => panic!("{command:?} should be refused, but: {done:?}"),
            Err(other) => panic!("{command:?}: {other:?}"),
        }
    }

    pub fn ask<Q: Question>(&self, question: &Q) -> Q::Answer {
        self.desk.ask(question).unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    pub fn advance(&self, seconds: i64) {
        self.desk.clock().advance(TimeDelta::seconds(seconds));
    }

    pub fn sign_in(&self, agent: &str) {
        self.ok(&SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available });
    }

    pub fn say(&self, agent: &str, conversation: ConversationId, text: &str) -> MessageId {
        self.ok(&SendMessage::new(id(agent), conversation, Wording::text(text))).message
    }

    fn offered(&self, transfer: &Transfer) -> OfferId {
        match self.ok(transfer) {
            Transferred::Asked(offered) => offered.offer,
            Transferred::Queued(queue) => panic!("queued in {queue}"),
        }
    }

    /// Fires what is due and answers how much it was.
    pub fn fire(&self) -> usize {
        let queries = vec![Query::due(self.desk.clock().now(), 100)];
        let loaded = self.desk.store().load(&Reads { keys: Vec::new(), queries }).expect("an answer");
        let due = loaded.found.iter().flat_map(|(_, entries)| entries);
        due.map(|entry| self.ok(&FireDue { at: entry.key }).what.len()).sum()
    }

    pub fn pump(&self) -> usize {
        let takes = |dispatch: &Dispatch| SendResult::accepted(provider_of(dispatch.idempotency_key));
        self.desk.deliver_due(self.id(), &takes, &NoMedia, 100).expect("the pump works").totals().sent
    }
}

/// The story. Every command is in it, with those of its outcomes that touch different records.
pub fn tell<S: Store>(teller: &Teller<'_, S>) {
    for agent in ["ana", "bruno", "carla"] {
        teller.sign_in(agent);
    }
    writing(teller);
    handing_over(teller);
    waiting(teller);
    leaving(teller);
}

/// Starting, sending, receiving, receipts.
fn writing<S: Store>(teller: &Teller<'_, S>) {
    let conversation = teller.ok(&sms("ana", RITA)).conversation;
    assert!(teller.refused(&sms("bruno", RITA)).primary().conversation() == Some(conversation));
    let first = teller.say("ana", conversation, "hello, \"Rita\" \\ \u{e000}");
    let second = teller.say("ana", conversation, "are you there?");
    let claim = |message| match teller.ok(&ClaimDispatch { message }) {
        Claimed::Send(dispatch) => dispatch.attempt,
        other => panic!("{other:?}"),
    };
    let busy = SendResult::transient(Cause::Busy, "busy");
    let attempt = claim(first);
    teller.ok(&RecordAttempt { message: first, attempt, result: busy });
    teller.advance(3600);
    let attempt = claim(first);
    let taken = SendResult::accepted(provider_of(first));
    teller.ok(&RecordAttempt { message: first, attempt, result: taken });
    let attempt = claim(second);
    let wrong = SendResult::permanent(Cause::Blocked, "filtered");
    teller.ok(&RecordAttempt { message: second, attempt, result: wrong });
    let receipt = |message, status| ReportDelivery {
        entry_point: id("sms_care"),
        provider: provider_of(message),
        status,
        problem: None,
    };
    teller.ok(&receipt(first, ReceiptStatus::Delivered));
    teller.ok(&receipt(first, ReceiptStatus::Sent));
    // A receipt that is faster than the answer, with a NUL in a customer's text beside it.
    let third = teller.say("ana", conversation, "one more");
    teller.ok(&receipt(third, ReceiptStatus::Delivered));
    assert_eq!(teller.pump(), 1);
    teller.ok(&inbound(RITA, "in-1", "yes\0no\\u0000\u{e000}0"));
    assert!(teller.ok(&inbound(RITA, "in-1", "yes\0no\\u0000\u{e000}0")).duplicate);
    teller.ok(&TriggerWorkflow { agent: id("ana"), conversation, workflow: id("refund") });
    teller.refused(&Conference { agent: id("ana"), conversation });
    teller.ok(&Close { by: By::Agent(id("ana")), conversation });
    teller.ok(&ExtendWrapUp { agent: id("ana"), conversation });
    teller.ok(&WrapUp { agent: id("ana"), conversation, reason: id("resolved") });
    let transcript = teller.ask(&Transcript::new(conversation, 10));
    let bodies: Vec<&str> = transcript.messages.iter().map(|message| message.draft().content.body.expose()).collect();
    assert_eq!(bodies, ["hello, \"Rita\" \\ \u{e000}", "are you there?", "one more", "yes\0no\\u0000\u{e000}0"]);
}

/// Transfers that are taken, declined, cancelled and not answered; requests to hand over.
fn handing_over<S: Store>(teller: &Teller<'_, S>) {
    let conversation = teller.ok(&sms("ana", SARA)).conversation;
    let to_bruno = Transfer { agent: id("ana"), conversation, to: Target::Agent(id("bruno")) };
    let offer = teller.offered(&to_bruno);
    teller.ok(&Decline { agent: id("bruno"), conversation, offer });
    teller.ok(&SetState { agent: id("bruno"), class: None, state: ChosenState::Available });
    teller.offered(&to_bruno);
    teller.ok(&CancelTransfer { agent: id("ana"), conversation });
    teller.offered(&to_bruno);
    teller.advance(31);
    assert_eq!(teller.fire(), 1);
    teller.ok(&RecoverFromRona { agent: id("bruno"), state: ChosenState::Available });
    let offer = teller.offered(&to_bruno);
    teller.ok(&Accept { agent: id("bruno"), conversation, offer });
    teller.advance(61);
    assert_eq!(teller.fire(), 1, "ana's wrap-up takes the default");
    let asked = teller.ok(&sms_or(OnConflict::AskHolder, "ana", SARA));
    let StartedHow::HandoverAsked(request) = asked.how else { panic!("{asked:?}") };
    teller.ok(&AnswerHandover { agent: id("bruno"), conversation, request, give: true });
    teller.ok(&WrapUp { agent: id("bruno"), conversation, reason: id("resolved") });
    teller.ok(&Transfer { agent: id("ana"), conversation, to: Target::Queue(id("care_queue")) });
    teller.ok(&WrapUp { agent: id("ana"), conversation, reason: id("resolved") });
    assert_eq!(teller.ok(&sms_or(OnConflict::TakeOver, "bruno", SARA)).how, StartedHow::TookOver);
}

/// Queues, routing, parking, another system's interactions.
fn waiting<S: Store>(teller: &Teller<'_, S>) {
    let conversation = teller.ok(&inbound(TOMAS, "in-2", "hello?")).conversation;
    teller.ok(&inbound(TOMAS, "in-3", "anybody?"));
    let offered = teller.ok(&RouteNext { queue: id("care_queue"), agent: Some(id("ana")) });
    teller.ok(&Accept { agent: id("ana"), conversation, offer: offered.offer });
    let until = teller.desk.clock().now() + TimeDelta::hours(1);
    teller.ok(&Park { agent: id("ana"), conversation, until, queue: None });
    teller.ok(&Wake { conversation });
    let waiting = teller.ask(&Transcript::new(conversation, 0)).state;
    let offer = waiting.offer().expect("ana is asked first").id;
    teller.ok(&Accept { agent: id("ana"), conversation, offer });
    let until = teller.desk.clock().now() + TimeDelta::hours(1);
    teller.ok(&Park { agent: id("ana"), conversation, until, queue: None });
    teller.ok(&inbound(TOMAS, "in-4", "it is me"));
    teller.advance(31);
    assert_eq!(teller.fire(), 1);
    teller.ok(&RecoverFromRona { agent: id("ana"), state: ChosenState::Available });
    let offered = teller.ok(&RouteNext { queue: id("care_queue"), agent: None });
    let taker = offered.to.clone();
    teller.ok(&Accept { agent: taker.clone(), conversation, offer: offered.offer });
    teller.ok(&Close { by: By::Agent(taker.clone()), conversation });
    teller.ok(&WrapUp { agent: taker, conversation, reason: id("resolved") });
    let call = |how| BeginInteraction { agent: id("ana"), class: MediaClass::Voice, interaction: id("call-1"), how };
    teller.ok(&call(InteractionHow::SelfStarted));
    teller.ok(&EndInteraction { agent: id("ana"), interaction: id("call-1") });
    let customer = teller.ask(&Transcript::new(conversation, 0)).customer;
    assert_eq!(teller.ask(&History::new(customer, 5, 5)).len(), 1);
}

/// Signing out with work in hand; a task whose holder is gone.
fn leaving<S: Store>(teller: &Teller<'_, S>) {
    teller.refused(&SignOut { agent: id("bruno"), unfinished: Unfinished::Refuse });
    teller.ok(&SignOut { agent: id("bruno"), unfinished: Unfinished::Requeue });
    let Err(Failure::Refused(exists)) = teller.run(&sms("ana", SARA)) else { panic!("it waits in a queue") };
    let waiting = exists.primary().conversation().expect("the one that waits");
    teller.ok(&Close { by: By::Host, conversation: waiting });
    let held = teller.ok(&sms("ana", "+351912345671")).conversation;
    teller.refused(&Rehome { conversation: held });
    let overview = teller.ask(&Overview { agent: id("ana") });
    assert_eq!(overview.presence.map_or(0, |presence| presence.slots().len()), 1);
    let mut setup = teller.desk.terms().directory().setup().clone();
    setup.version += 1;
    setup.agents.retain(|agent| agent.id.as_str() != "ana");
    let directory = Directory::new(setup).expect("the set-up is sound");
    teller.desk.replace_directory(directory).expect("it is the same organization's");
    teller.ok(&Rehome { conversation: held });
}

/// What a command says where nothing is expected of it.
pub fn done<T: Debug, E: Debug>(outcome: Result<T, Failure<E>>) -> Result<T, Refusals> {
    match outcome {
        Ok(done) => Ok(done),
        Err(Failure::Refused(refusals)) => Err(*refusals),
        Err(other) => panic!("{other:?}"),
    }
}
