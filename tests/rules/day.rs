//! A day on which every command happens: each is repeated at once and again at the end, and written down and read back.

use std::cell::RefCell;
use std::fmt::Debug;

use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Decline, EndInteraction,
    ExtendWrapUp, FireDue, Park, ReceiptStatus, RecordAttempt, RecoverFromRona, Rehome, ReportDelivery, RouteNext,
    SendMessage, SetState, SignIn, SignOut, Target, Transfer, TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::engine::Command;
use outbound::model::{By, ChosenState, CommandId, ConversationId, MediaClass, OfferId, SendResult, Wording};
use outbound::record::{Fired, Firing, Outcome, StartedHow, Transferred};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::support::{Floor, ask_holder, email, id, inbound, offered_interaction, sms, take_over};

const CUSTOMER: &str = "+351912345678";

/// Written down as JSON and read back, it is the same.
pub(crate) fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
}

/// What a day can run: a plain struct that is written down and read back.
trait Plain: Command<Output: PartialEq + Debug> + Clone + Serialize + DeserializeOwned + PartialEq + 'static {}
impl<C: Command<Output: PartialEq + Debug> + Clone + Serialize + DeserializeOwned + PartialEq + 'static> Plain for C {}

/// A floor on which a task may be transferred as often as a day needs it.
pub(crate) fn floor() -> Floor {
    Floor::with(|setup| setup.organization.max_transfers = 11)
}

/// One command again, with its first answer.
type Repetition = Box<dyn Fn(&Floor)>;

/// The day.
pub(crate) struct Day<'f> {
    floor: &'f Floor,
    again: RefCell<Vec<Repetition>>,
}

/// Runs a command again under its id: the answer is the one that is told, and nothing happens.
fn repeat<C: Plain>(floor: &Floor, id: CommandId, command: &C, answer: &C::Output) {
    let (answered, events) = floor.events_of(|| floor.run_as(id, command));
    let answered = answered.unwrap_or_else(|failure| panic!("{command:?} repeated: {failure}"));
    assert_eq!((&answered, events), (answer, Vec::new()), "{command:?} repeated");
}

fn readable<C: Plain>(command: &C, answer: &C::Output) {
    round_trip(command);
    let outcome: Outcome = answer.clone().into();
    round_trip(&outcome);
    assert_eq!(C::Output::try_from(outcome).ok().as_ref(), Some(answer));
}

impl<'f> Day<'f> {
    /// Every command, some of them several times.
    pub(crate) fn of(floor: &'f Floor) -> Self {
        let day = Self { floor, again: RefCell::default() };
        day.morning();
        let conversation = day.writing();
        day.transfers(conversation);
        day.handovers(conversation);
        day.parking(conversation);
        day.evening(conversation);
        day
    }

    /// Every command once more, long after.
    pub(crate) fn repeat_everything(&self) {
        self.floor.pass(86_400);
        for again in self.again.borrow().iter() {
            again(self.floor);
        }
    }

    /// Runs a command; its repetition answers the same, now and at the end of the day.
    fn run<C: Plain>(&self, command: C) -> C::Output {
        let id = self.floor.id();
        let answer = self.first(id, &command);
        self.remember(id, command, answer.clone());
        answer
    }

    /// Runs a command; its repetition does nothing, and says so in another answer.
    fn run_once<C: Plain>(&self, command: C, repeated: impl FnOnce(&C::Output) -> C::Output) -> C::Output {
        let id = self.floor.id();
        let answer = self.first(id, &command);
        self.remember(id, command, repeated(&answer));
        answer
    }

    fn first<C: Plain>(&self, id: CommandId, command: &C) -> C::Output {
        let answer = self.floor.run_as(id, command).unwrap_or_else(|failure| panic!("{command:?}: {failure}"));
        readable(command, &answer);
        answer
    }

    fn remember<C: Plain>(&self, id: CommandId, command: C, answer: C::Output) {
        let again = move |floor: &Floor| repeat(floor, id, &command, &answer);
        again(self.floor);
        self.again.borrow_mut().push(Box::new(again));
    }

    fn morning(&self) {
        for agent in ["ana", "bruno", "carla", "hugo", "iris"] {
            self.run(SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available });
        }
        self.run(SetState { agent: id("ana"), class: None, state: ChosenState::Idle(id("lunch")) });
        self.available("ana");
        self.run(offered_interaction("ana", MediaClass::Voice));
        let _ = self.run(BeginInteraction { agent: id("bruno"), ..offered_interaction("bruno", MediaClass::Chat) });
        self.run(EndInteraction { agent: id("ana"), interaction: id("voice") });
    }

    fn available(&self, agent: &str) {
        self.run(SetState { agent: id(agent), class: None, state: ChosenState::Available });
    }

    /// Ana starts, writes, and gets an answer.
    fn writing(&self) -> ConversationId {
        let conversation = self.run(sms("ana", CUSTOMER)).conversation;
        let message = self.run(SendMessage::new(id("ana"), conversation, Wording::text("hello"))).message;
        let claim = self.floor.id();
        let claimed = self.first(claim, &ClaimDispatch { message });
        repeat(self.floor, claim, &ClaimDispatch { message }, &claimed);
        let result = SendResult::accepted(id("p1"));
        self.run(RecordAttempt { message, attempt: 1, result });
        let report = ReportDelivery {
            entry_point: id("sms_care"),
            provider: id("p1"),
            status: ReceiptStatus::Delivered,
            problem: None,
        };
        self.run(report);
        self.run(inbound("sms_care", CUSTOMER, "in-1", "who is this?"));
        self.run(inbound("mail_care", "eva@customer.example", "in-2", "help"));
        self.run(TriggerWorkflow { agent: id("ana"), conversation, workflow: id("refund") });
        let mail = self.run(email("ana", "rui@customer.example")).conversation;
        self.run(SendMessage::new(id("ana"), mail, Wording::html("<p>hello</p>")).with_subject("Your order"));
        conversation
    }

    fn ask(&self, agent: &str, conversation: ConversationId, to: &str) -> OfferId {
        let transfer = Transfer { agent: id(agent), conversation, to: Target::Agent(id(to)) };
        let Transferred::Asked(offered) = self.run(transfer) else { panic!("asked") };
        offered.offer
    }

    fn wrap_up(&self, agent: &str, conversation: ConversationId) {
        self.run(WrapUp { agent: id(agent), conversation, reason: id("resolved") });
    }

    /// From Ana to Bruno in the third try, and through a queue to Carla.
    fn transfers(&self, conversation: ConversationId) {
        self.ask("ana", conversation, "bruno");
        self.run(CancelTransfer { agent: id("ana"), conversation });
        let offer = self.ask("ana", conversation, "bruno");
        self.run(Decline { agent: id("bruno"), conversation, offer });
        self.available("bruno");
        let offer = self.ask("ana", conversation, "bruno");
        self.run(Accept { agent: id("bruno"), conversation, offer });
        self.wrap_up("ana", conversation);

        self.run(Transfer { agent: id("bruno"), conversation, to: Target::Queue(id("sales_queue")) });
        self.run(ExtendWrapUp { agent: id("bruno"), conversation });
        self.wrap_up("bruno", conversation);
        self.run(take_over("carla", CUSTOMER));
    }

    /// Ana asks Carla twice.
    fn handovers(&self, conversation: ConversationId) {
        for give in [false, true] {
            let started = self.run(ask_holder("ana", CUSTOMER));
            let StartedHow::HandoverAsked(request) = started.how else { panic!("{started:?}") };
            self.run(AnswerHandover { agent: id("carla"), conversation, request, give });
        }
    }

    /// Ana puts it aside twice; it wakes for her, then Bruno takes it.
    fn parking(&self, conversation: ConversationId) {
        let until = self.floor.now() + chrono::TimeDelta::hours(2);
        self.run(Park { agent: id("ana"), conversation, until, queue: None });
        self.run(Wake { conversation });
        let offer = self.floor.conversation(conversation).state().offer().unwrap().id;
        self.run(Accept { agent: id("ana"), conversation, offer });
        self.run(Park { agent: id("ana"), conversation, until, queue: Some(id("sales_queue")) });
        self.run(take_over("bruno", CUSTOMER));
    }

    /// Hugo does not answer, Bruno closes, Iris leaves the company, Carla goes home.
    fn evening(&self, conversation: ConversationId) {
        self.ask("bruno", conversation, "hugo");
        self.floor.advance(31);
        let at = self.floor.conversation(conversation).key();
        let fired = self.run_once(FireDue { at }, |_| Fired::default());
        assert_eq!(fired.what, [Firing::OfferLapsed { conversation, agent: id("hugo") }]);
        self.run(RecoverFromRona { agent: id("hugo"), state: ChosenState::Available });
        self.run(Close { by: By::Agent(id("bruno")), conversation });
        self.wrap_up("bruno", conversation);

        let left = self.run(sms("iris", "+351912345679")).conversation;
        self.floor.change(|setup| setup.agents.retain(|agent| agent.id != id("iris")));
        self.run(Rehome { conversation: left });
        let offered = self.run(RouteNext { queue: id("care_queue"), agent: Some(id("bruno")) });
        self.run(Accept { agent: id("bruno"), conversation: offered.conversation, offer: offered.offer });
        self.run(SignOut { agent: id("carla"), unfinished: Unfinished::Requeue });
    }
}
