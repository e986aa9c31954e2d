//! What an answer costs does not grow with what lies beside it: round trips and rows, counted.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use outbound::command::{Close, FireDue, Park, RouteNext, Wake};
use outbound::engine::Command;
use outbound::model::{By, ConversationId, CustomerId, Key, MAX_LEGS, SendResult, TaskState};
use outbound::query::{History, TransferTargets};
use outbound::refusal::{Code, Retry};

use crate::support::{Floor, NUMBER, email, fact, id, inbound, signed_in, sms, text, working};

/// Acme with so many more agents in Customer Care.
fn crowd(many: usize) -> Floor {
    Floor::with(|setup| {
        let model = setup.agents.iter().find(|agent| agent.id == id("bruno")).unwrap().clone();
        setup.agents.extend((0..many).map(|nth| {
            let mut agent = model.clone();
            agent.id = id(&format!("x{nth:04}"));
            agent
        }));
    })
}

impl Floor {
    /// Runs a command without the checks that look at everything.
    fn quickly<C: Command>(&self, command: &C) -> C::Output {
        self.desk.run(self.id(), command).unwrap_or_else(|failure| panic!("{command:?}: {failure}"))
    }

    fn sign_in_crowd(&self, many: usize) {
        for nth in 0..many {
            let agent = id(&format!("x{nth:04}"));
            let state = outbound::model::ChosenState::Available;
            self.quickly(&outbound::command::SignIn { agent, team: id("care"), state });
        }
    }

    /// A conversation with Rui that is over.
    fn closed(&self, nth: usize) -> ConversationId {
        let mut message = inbound("sms_care", NUMBER, &format!("closed-{nth}"), "hi");
        message.customer = Some(id("rui"));
        let conversation = self.quickly(&message).conversation;
        self.quickly(&Close { by: By::Host, conversation });
        self.advance(1);
        conversation
    }

    fn history(&self, question: &History) -> Vec<ConversationId> {
        self.desk.ask(question).unwrap().into_iter().map(|it| it.id).collect()
    }
}

fn rui() -> CustomerId {
    id("rui")
}

#[test]
fn r39_a_page_of_a_history_costs_the_same_however_long_the_history_is() {
    let cost = |long: usize| {
        let floor = Floor::new();
        let all: Vec<_> = (0..long).map(|nth| floor.closed(nth)).collect();
        let question = History::new(rui(), 5, 5);
        let first = floor.desk.store().asked_by(|| assert_eq!(floor.history(&question).len(), 5));
        let next = question.after(all[10]);
        let second = floor.desk.store().asked_by(|| assert_eq!(floor.history(&next).len(), 5));
        assert!(first.0 <= 4 && second.0 <= 5, "round trips: {first:?}, {second:?}");
        (first, second)
    };
    assert_eq!(cost(20), cost(200));
}

#[test]
fn r39_what_is_not_closed_stands_in_its_place_among_what_is() {
    let floor = signed_in(&["ana"]);
    let first = floor.closed(1);
    let mail =
        floor.ok(&outbound::command::StartOutbound { customer: Some(rui()), ..email("ana", "rui@customer.example") });
    floor.advance(1);
    let (third, fourth) = (floor.closed(3), floor.closed(4));
    let mail = mail.conversation;
    let all = History::new(rui(), 9, 0);
    assert_eq!(floor.history(&all), [fourth, third, mail, first]);
    assert_eq!(floor.history(&all.clone().after(fourth)), [third, mail, first]);
    assert_eq!(floor.history(&all.clone().after(mail)), [first], "what is open comes once");
    assert_eq!(floor.history(&History::new(rui(), 2, 0)), [fourth, third]);
    assert_eq!(floor.history(&History::new(rui(), 1, 0).after(third)), [mail]);
    floor.close("ana", mail);
    assert_eq!(floor.history(&all), [fourth, third, mail, first], "closed, it stands where it stood");
}

#[test]
fn r39_pages_of_a_history_miss_nothing_and_repeat_nothing_while_it_changes() {
    let floor = signed_in(&["ana"]);
    let mut there: Vec<ConversationId> = (0..10).map(|nth| floor.closed(nth)).collect();
    let start = outbound::command::StartOutbound { customer: Some(rui()), ..email("ana", "rui@customer.example") };
    let open = floor.ok(&start).conversation;
    floor.advance(1);
    there.push(open);
    there.extend((10..20).map(|nth| floor.closed(nth)));
    there.reverse();
    let (mut question, mut seen) = (History::new(rui(), 4, 0), Vec::new());
    for nth in 100.. {
        let page = floor.history(&question);
        let Some(last) = page.last() else { break };
        question = question.after(*last);
        seen.extend(page);
        floor.closed(nth);
        if nth == 101 {
            floor.close("ana", open);
        }
    }
    assert_eq!(seen, there);
}

#[test]
fn r39_a_history_behind_what_does_not_exist_is_refused() {
    let floor = Floor::new();
    let failure = floor.desk.ask(&History::new(rui(), 5, 5).after(floor.no_conversation())).unwrap_err();
    assert_eq!(failure.refusals().unwrap().codes(), [Code::ConversationUnknown]);
}

/// A message from somebody new.
fn waits(floor: &Floor, nth: usize) {
    floor.quickly(&inbound("sms_care", &format!("+3519123{nth:05}"), &format!("waits-{nth}"), "hi"));
}

#[test]
fn r49_a_task_is_offered_for_the_same_cost_in_a_crowd_of_any_size() {
    let cost = |many: usize| {
        let floor = crowd(many);
        floor.sign_in_crowd(many);
        waits(&floor, 1);
        floor.desk.store().asked_by(|| drop(floor.route("care_queue", None)))
    };
    assert_eq!(cost(100), cost(400));
}

#[test]
fn r49_the_only_agent_who_can_take_it_is_found_in_a_crowd() {
    let floor = crowd(300);
    floor.sign_in_crowd(300);
    for nth in (0..300).filter(|nth| *nth != 123) {
        let state = outbound::model::ChosenState::Idle(id("lunch"));
        floor.quickly(&outbound::command::SetState { agent: id(&format!("x{nth:04}")), class: None, state });
    }
    for nth in 0..3 {
        waits(&floor, nth);
        assert_eq!(floor.route("care_queue", None).to, id("x0123"));
    }
    waits(&floor, 9);
    let route = RouteNext { queue: id("care_queue"), agent: None };
    assert_eq!(floor.refuses(&route, Code::QueueNoAgent).codes(), [Code::QueueNoAgent], "who is full is not asked");
}

#[test]
fn r49_the_work_is_spread_over_a_crowd() {
    let floor = crowd(400);
    floor.sign_in_crowd(400);
    let asked: BTreeSet<_> = (0..12)
        .map(|nth| {
            waits(&floor, nth);
            let route = RouteNext { queue: id("care_queue"), agent: None };
            floor.quickly(&route).to
        })
        .collect();
    assert!(asked.len() >= 6, "twelve commands asked only {asked:?}");
}

#[test]
fn b10_only_so_many_messages_of_a_conversation_wait_to_be_sent() {
    let (floor, conversation) = working();
    for _ in 0..100 {
        floor.quickly(&text("ana", conversation, "are you there?"));
    }
    let refusals = floor.refuses(&text("ana", conversation, "hello?"), Code::DeliveryBacklog);
    assert_eq!(refusals.codes(), [Code::DeliveryBacklog]);
    assert_eq!(["used", "limit"].map(|name| fact(&refusals, &Code::DeliveryBacklog, name)), ["100", "100"]);
    assert_eq!(refusals.primary().retry(), Retry::WhenChanged(Key::conversation(conversation)));

    let gone = |_: &outbound::model::Dispatch| SendResult::Permanent { problem: "no such number".into() };
    floor.desk.deliver_due(floor.id(), &gone, &outbound::port::NoMedia, 1).unwrap();
    let failed = floor.world().messages().find(|it| it.status() == outbound::model::Status::Failed).unwrap().id();
    floor.passes(&text("ana", conversation, "hello?"), Code::DeliveryBacklog);
    floor.ok(&text("ana", conversation, "hello?"));
    floor.refuses(&outbound::command::RetryMessage::new(id("ana"), failed), Code::DeliveryBacklog);
    floor.pump();
    assert_eq!(floor.conversation(conversation).unsettled(), [], "all of them leave, in their order");
}

#[test]
fn b13_a_conversation_keeps_the_newest_parts_of_its_agents() {
    let (floor, conversation) = working();
    for nth in 0..MAX_LEGS + 6 {
        let until = floor.now() + TimeDelta::minutes(5);
        floor.quickly(&Park { agent: id("ana"), conversation, until, queue: None });
        floor.advance(1);
        floor.quickly(&Wake { conversation });
        let TaskState::Offered { offer, .. } = floor.task(conversation) else { panic!("round {nth}") };
        floor.quickly(&outbound::command::Accept { agent: id("ana"), conversation, offer: offer.id });
    }
    floor.check();
    let legs = floor.conversation(conversation).legs().to_vec();
    assert_eq!(legs.len(), MAX_LEGS);
    assert!(legs.windows(2).all(|pair| pair[0].to + TimeDelta::seconds(1) == pair[1].to), "none of them is left out");
    assert_eq!(legs.last().map(|leg| leg.to), Some(floor.now() - TimeDelta::seconds(1)), "the newest are kept");
    floor.close("ana", conversation);
    floor.pass(61);
    let last = floor.conversation(conversation).legs().last().unwrap().clone();
    assert_eq!(last.wrap_up.map(|it| it.reason), Some(id("none_given")), "what is owed is there");
}

#[test]
fn r46_a_page_of_targets_costs_the_same_however_many_agents_there_are() {
    let cost = |many: usize| {
        let floor = crowd(many);
        floor.sign_in_crowd(1);
        let conversation = floor.quickly(&sms("x0000", NUMBER)).conversation;
        let after = id(&format!("x{:04}", many - 6));
        let question = TransferTargets::new(conversation, 0, 3).after_agent(after);
        floor.desk.store().asked_by(|| assert_eq!(floor.desk.ask(&question).unwrap().agents.len(), 3))
    };
    assert_eq!(cost(10), cost(400));
}

#[test]
fn r49_what_falls_due_costs_the_same_however_much_is_pending() {
    let cost = |many: usize| {
        let floor = signed_in(&["ana"]);
        let parked = |nth: usize, seconds: i64| {
            let conversation = floor.quickly(&sms("ana", &format!("+3519123{nth:05}"))).conversation;
            let until = floor.now() + TimeDelta::seconds(seconds);
            floor.quickly(&Park { agent: id("ana"), conversation, until, queue: None });
            conversation
        };
        for nth in 1..many {
            parked(nth, 86_000);
        }
        let due = parked(0, 60);
        floor.advance(61);
        let early = floor.quickly(&FireDue { at: Key::presence(&id("ana")) });
        assert_eq!(early.what, []);
        let cost = floor.desk.store().asked_by(|| assert_eq!(floor.desk.fire_due(1_000).unwrap().fired.len(), 1));
        assert!(!matches!(floor.task(due), TaskState::Parked { .. }));
        cost
    };
    assert_eq!(cost(2), cost(200));
}
