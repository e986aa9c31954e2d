//! Transfers and offers (R19, R24, R40, R43–R49, B4, B13).

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, Decline, InteractionHow, OnConflict, RecoverFromRona,
    RouteNext, SetState, SignOut, StartOutbound, Unfinished, WrapUp,
};
use outbound::directory::BlendingMode;
use outbound::model::{ChosenState, ConversationId, Holder, MediaClass, OfferId, State, TaskState};
use outbound::query::{TransferTargets, TransferTargetsAnswer};
use outbound::record::{Answered, Offered, StartedHow, Transferred};
use outbound::refusal::{Code, Retry};

use crate::support::{Floor, fact, id, inbound, sms, text, to_agent, to_queue};

const NUMBER: &str = "+351912345678";
const OTHER: &str = "+351912345679";

/// Ana holds an SMS conversation, and others are signed in.
fn working(others: &[&str]) -> (Floor, ConversationId) {
    working_at(Floor::new(), others)
}

fn working_at(floor: Floor, others: &[&str]) -> (Floor, ConversationId) {
    floor.sign_in(&["ana"]).sign_in(others);
    let conversation = floor.start_sms("ana", NUMBER);
    (floor, conversation)
}

/// Bruno is asked to take Ana's task.
fn asked() -> (Floor, ConversationId, Offered) {
    let (floor, conversation) = working(&["bruno"]);
    let offered = floor.transfer("ana", conversation, "bruno");
    (floor, conversation, offered)
}

fn accept(agent: &str, conversation: ConversationId, offer: OfferId) -> Accept {
    Accept { agent: id(agent), conversation, offer }
}

fn decline(agent: &str, conversation: ConversationId, offer: OfferId) -> Decline {
    Decline { agent: id(agent), conversation, offer }
}

fn cancel(agent: &str, conversation: ConversationId) -> CancelTransfer {
    CancelTransfer { agent: id(agent), conversation }
}

fn sign_out(agent: &str, unfinished: Unfinished) -> SignOut {
    SignOut { agent: id(agent), unfinished }
}

fn route(queue: &str, agent: &str) -> RouteNext {
    RouteNext { queue: id(queue), agent: Some(id(agent)) }
}

fn call(agent: &str) -> BeginInteraction {
    let how = InteractionHow::SelfStarted;
    BeginInteraction { agent: id(agent), class: MediaClass::Voice, interaction: id("call-1"), how }
}

/// The task is Ana's again and she can go on with it; nobody else holds anything of it.
fn is_anas_again(floor: &Floor, conversation: ConversationId) {
    assert!(matches!(floor.task(conversation), TaskState::Active { agent, .. } if agent == id("ana")));
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (1, 0));
    assert_eq!(floor.presence("ana").transferring(), None);
    floor.send("ana", conversation, "I am back");
}

fn holder(floor: &Floor, conversation: ConversationId) -> Option<Holder> {
    floor.task(conversation).holder()
}

fn queued_in(queue: &str) -> Option<Holder> {
    Some(Holder::Queue(id(queue)))
}

#[test]
fn r40_a_task_goes_to_one_agent_who_accepts_it() {
    let (floor, conversation) = working(&["bruno"]);
    floor.passes(&to_agent("ana", conversation, "bruno"), Code::TargetUnknown);
    let refusals = floor.refuses(&to_agent("ana", conversation, "nobody"), Code::TargetUnknown);
    assert_eq!(fact(&refusals, &Code::TargetUnknown, "target"), "nobody");

    let (offered, events) = floor.events_of(|| floor.transfer("ana", conversation, "bruno"));
    assert_eq!(events, ["slot_taken", "transfer_pending", "frozen"]);
    assert_eq!(offered.expires, floor.now() + TimeDelta::seconds(30));
    let answered = floor.ok(&accept("bruno", conversation, offered.offer));
    assert_eq!(answered, Answered::Taken);
    assert!(matches!(floor.task(conversation), TaskState::Active { agent, .. } if agent == id("bruno")));
    assert_eq!(floor.conversation(conversation).task().hops, 1);
    floor.send("bruno", conversation, "hello, this is Bruno");
}

#[test]
fn r43_nobody_transfers_to_themselves() {
    let (floor, conversation) = working(&["bruno"]);
    let refusals = floor.refuses(&to_agent("ana", conversation, "ana"), Code::TransferToSelf);
    assert_eq!(refusals.codes(), [Code::TransferToSelf]);
    floor.passes(&to_agent("ana", conversation, "bruno"), Code::TransferToSelf);
}

#[test]
fn r49_a_queue_transfer_is_complete_when_queued() {
    let (floor, conversation) = working(&[]);
    let (done, events) = floor.events_of(|| floor.ok(&to_queue("ana", conversation, "sales_queue")));
    assert_eq!(done, Transferred::Queued(id("sales_queue")));
    assert_eq!(events, ["queued", "slot_changed"]);
    assert_eq!(holder(&floor, conversation), queued_in("sales_queue"));
    assert_eq!(floor.presence("ana").transferring(), None, "and another transfer can follow at once");
}

#[test]
fn r44_a_queue_exists_and_takes_the_channel() {
    let (floor, conversation) = working(&[]);
    let refusals = floor.refuses(&to_queue("ana", conversation, "nope"), Code::QueueUnknown);
    assert_eq!(fact(&refusals, &Code::QueueUnknown, "queue"), "nope");
    floor.passes(&to_queue("ana", conversation, "sales_queue"), Code::QueueUnknown);
    floor.passes(&to_queue("ana", conversation, "sales_queue"), Code::QueueOtherChannel);
    let mail = floor.start_email("ana", "rita@example.com");
    let refusals = floor.refuses(&to_queue("ana", mail, "sales_queue"), Code::QueueOtherChannel);
    assert_eq!(fact(&refusals, &Code::QueueOtherChannel, "channel"), "email");
}

#[test]
fn r44_a_queues_task_goes_to_an_agent_of_its_teams() {
    let (floor, conversation) = working(&["bruno"]);
    floor.sign_in_to("julia", "sales");
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    let refusals = floor.refuses(&route("care_queue", "julia"), Code::TargetNotInQueue);
    assert_eq!(fact(&refusals, &Code::TargetNotInQueue, "target"), "julia");
    floor.passes(&route("care_queue", "bruno"), Code::TargetNotInQueue);
    floor.refuses(&route("nope", "bruno"), Code::QueueUnknown);
}

#[test]
fn r49_an_empty_queue_and_a_queue_without_an_agent_say_so() {
    let (floor, conversation) = working(&["bruno"]);
    let next = RouteNext { queue: id("care_queue"), agent: None };
    let refusals = floor.refuses(&next, Code::QueueEmpty);
    assert_eq!(fact(&refusals, &Code::QueueEmpty, "queue"), "care_queue");
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    floor.passes(&next, Code::QueueEmpty);
    floor.passes(&next, Code::QueueNoAgent);
    floor.set_idle("bruno");
    let refusals = floor.refuses(&next, Code::QueueNoAgent);
    assert_eq!(fact(&refusals, &Code::QueueNoAgent, "queue"), "care_queue", "Ana still owes its wrap-up");
    floor.pass(61);
    assert_eq!(floor.ok(&next).to, id("ana"));
}

#[test]
fn r49_a_queue_chooses_who_has_been_available_the_longest() {
    let (floor, conversation) = working(&[]);
    for agent in ["hugo", "davi", "bruno"] {
        floor.advance(10);
        floor.sign_in(&[agent]);
    }
    floor.ok(&call("hugo"));
    floor.ok(&SetState { agent: id("davi"), class: None, state: ChosenState::Idle(id("lunch")) });
    floor.advance(10);
    floor.ok(&SetState { agent: id("davi"), class: None, state: ChosenState::Available });
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    assert_eq!(floor.route("care_queue", None).to, id("hugo"), "a call does not matter to a blended profile");
}

#[test]
fn r49_of_agents_who_came_at_the_same_time_the_first_of_the_set_up_is_chosen() {
    let (floor, conversation) = working(&["hugo", "bruno", "carla"]);
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    assert_eq!(floor.route("care_queue", None).to, id("bruno"));
}

#[test]
fn r46_a_target_is_signed_in_and_available() {
    let (floor, conversation) = working(&[]);
    let ask = to_agent("ana", conversation, "bruno");
    let refusals = floor.refuses(&ask, Code::TargetSignedOut);
    assert_eq!(fact(&refusals, &Code::TargetSignedOut, "target"), "bruno");
    floor.sign_in(&["bruno"]);
    floor.passes(&ask, Code::TargetSignedOut);
    floor.passes(&ask, Code::TargetNotAvailable);
    floor.set_idle("bruno");
    let refusals = floor.refuses(&ask, Code::TargetNotAvailable);
    assert_eq!(fact(&refusals, &Code::TargetNotAvailable, "state"), "idle");
}

#[test]
fn r46_a_target_in_rona_is_not_asked() {
    let (floor, conversation) = working(&["bruno"]);
    floor.bring_into_rona("bruno", "ana", OTHER);
    let refusals = floor.refuses(&to_agent("ana", conversation, "bruno"), Code::TargetNotAvailable);
    assert_eq!(fact(&refusals, &Code::TargetNotAvailable, "state"), "rona");
}

#[test]
fn r05_a_target_is_equipped_for_the_channel() {
    let (floor, conversation) = working(&["elena", "gil", "davi"]);
    floor.sign_in_to("fabio", "bare");
    let problems = [
        ("elena", "no access to digital channels"),
        ("gil", "no slots for it in the profile"),
        ("fabio", "no multimedia profile"),
    ];
    for (agent, problem) in problems {
        let refusals = floor.refuses(&to_agent("ana", conversation, agent), Code::TargetNotEquipped);
        assert_eq!(fact(&refusals, &Code::TargetNotEquipped, "problem"), problem);
    }
    floor.passes(&to_agent("ana", conversation, "davi"), Code::TargetNotEquipped);
}

#[test]
fn r12_a_target_has_a_free_slot() {
    let (floor, conversation) = working(&["iris"]);
    let ask = to_agent("ana", conversation, "iris");
    floor.passes(&ask, Code::TargetFull);
    let hers = floor.start_sms("iris", OTHER);
    let refusals = floor.refuses(&ask, Code::TargetFull);
    assert_eq!(fact(&refusals, &Code::TargetFull, "used"), "1");
    assert_eq!(fact(&refusals, &Code::TargetFull, "limit"), "1");
    floor.close("iris", hers);
    let refusals = floor.refuses(&ask, Code::TargetFull);
    assert_eq!(refusals.primary().retry(), Retry::At(floor.now() + TimeDelta::seconds(60)), "wrap-up ends then");
    floor.pass(60);
    floor.ok(&ask);
}

#[test]
fn r12_an_offer_reserves_its_slot() {
    let (floor, conversation) = working(&["iris"]);
    floor.transfer("ana", conversation, "iris");
    floor.refuses(&sms("iris", OTHER), Code::CapacityFull);
}

#[test]
fn r24_the_blending_mode_decides_which_offers_a_target_gets() {
    let (floor, conversation) = working(&["carla"]);
    let ask = to_agent("ana", conversation, "carla");
    floor.passes(&ask, Code::TargetBlended);
    floor.ok(&call("carla"));
    let refusals = floor.refuses(&ask, Code::TargetBlended);
    assert_eq!(fact(&refusals, &Code::TargetBlended, "blending"), BlendingMode::Exclusive.as_str());
}

#[test]
fn r47_the_sender_keeps_the_slot_until_acceptance_and_then_wraps_up() {
    let (floor, conversation, offered) = asked();
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (1, 1));
    floor.accept("bruno", conversation, offered.offer);
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (1, 1), "the wrap-up holds it now");
    floor.pass(60);
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (0, 1));
}

#[test]
fn r48_an_agent_has_one_transfer_pending() {
    let (floor, first) = working(&["bruno", "carla"]);
    let second = floor.start_sms("ana", OTHER);
    floor.passes(&to_agent("ana", second, "carla"), Code::TransferPending);
    let offered = floor.transfer("ana", first, "bruno");
    let refusals = floor.refuses(&to_agent("ana", second, "carla"), Code::TransferPending);
    assert_eq!(refusals.primary().conversation(), Some(first));
    floor.refuses(&to_queue("ana", second, "care_queue"), Code::TransferPending);
    floor.accept("bruno", first, offered.offer);
    floor.passes(&to_agent("ana", second, "carla"), Code::TransferPending);
}

#[test]
fn r49_a_target_who_does_not_answer_goes_rona_and_the_task_is_unfrozen() {
    let (floor, conversation, offered) = asked();
    floor.pass(29);
    assert!(matches!(floor.task(conversation), TaskState::Frozen { .. }));
    let ((), events) = floor.events_of(|| floor.pass(1));
    assert_eq!(events, ["slot_freed", "state_set", "transfer_settled", "unfrozen"]);
    assert_eq!(floor.state("bruno"), State::Rona);
    is_anas_again(&floor, conversation);
    floor.refuses(&accept("bruno", conversation, offered.offer), Code::OfferNotPending);
}

#[test]
fn r49_a_late_answer_is_refused_even_before_the_lapse_is_fired() {
    let (floor, conversation, offered) = asked();
    floor.advance(29);
    floor.passes(&accept("bruno", conversation, offered.offer), Code::OfferLapsed);
    floor.advance(1);
    let refusals = floor.refuses(&accept("bruno", conversation, offered.offer), Code::OfferLapsed);
    assert_eq!(fact(&refusals, &Code::OfferLapsed, "deadline"), "2026-03-02T09:00:30Z");
    floor.refuses(&decline("bruno", conversation, offered.offer), Code::OfferLapsed);
    floor.pass(0);
    is_anas_again(&floor, conversation);
}

#[test]
fn r49_a_target_who_declines_is_idle_and_the_task_is_unfrozen() {
    let (floor, conversation, offered) = asked();
    assert_eq!(floor.ok(&decline("bruno", conversation, offered.offer)), Answered::Declined);
    assert_eq!(floor.state("bruno"), State::Idle(id("declined")));
    is_anas_again(&floor, conversation);
}

#[test]
fn r49_who_keeps_states_apart_goes_rona_or_idle_in_one_class_only() {
    let (floor, conversation) = working(&["hugo"]);
    let email_state = |floor: &Floor| floor.presence("hugo").state(MediaClass::Email).unwrap().state.clone();
    let offered = floor.transfer("ana", conversation, "hugo");
    floor.ok(&decline("hugo", conversation, offered.offer));
    assert_eq!((floor.state("hugo"), email_state(&floor)), (State::Idle(id("declined")), State::Available));
    let social = Some(MediaClass::Social);
    floor.ok(&SetState { agent: id("hugo"), class: social, state: ChosenState::Available });
    floor.transfer("ana", conversation, "hugo");
    floor.pass(30);
    assert_eq!((floor.state("hugo"), email_state(&floor)), (State::Rona, State::Available));
    floor.ok(&RecoverFromRona { agent: id("hugo"), state: ChosenState::Available });
    assert_eq!(floor.state("hugo"), State::Available);
}

#[test]
fn r49_the_sender_cancels() {
    let (floor, conversation) = working(&["bruno"]);
    let refusals = floor.refuses(&cancel("ana", conversation), Code::TransferNotPending);
    assert_eq!(refusals.primary().conversation(), Some(conversation));
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.passes(&cancel("ana", conversation), Code::TransferNotPending);
    floor.refuses(&cancel("bruno", conversation), Code::TaskNotYours);
    floor.ok(&cancel("ana", conversation));
    assert_eq!(floor.state("bruno"), State::Available, "no fault of the target's");
    is_anas_again(&floor, conversation);
    floor.refuses(&accept("bruno", conversation, offered.offer), Code::OfferNotPending);
}

#[test]
fn r49_an_answer_names_the_offer_and_comes_from_the_one_who_was_asked() {
    let (floor, conversation, first) = asked();
    floor.sign_in(&["carla"]);
    let refusals = floor.refuses(&accept("carla", conversation, first.offer), Code::OfferNotYours);
    assert_eq!(fact(&refusals, &Code::OfferNotYours, "target"), "bruno");
    floor.refuses(&decline("carla", conversation, first.offer), Code::OfferNotYours);
    floor.passes(&accept("bruno", conversation, first.offer), Code::OfferNotYours);
    floor.ok(&cancel("ana", conversation));
    let second = floor.transfer("ana", conversation, "bruno");
    floor.refuses(&accept("bruno", conversation, first.offer), Code::OfferNotPending);
    floor.passes(&accept("bruno", conversation, second.offer), Code::OfferNotPending);
}

#[test]
fn r49_a_target_who_signs_out_unfreezes_the_task() {
    let (floor, conversation, _) = asked();
    floor.ok(&sign_out("bruno", Unfinished::Refuse));
    is_anas_again(&floor, conversation);
}

#[test]
fn r49_a_target_who_lost_the_capacity_cannot_accept() {
    for (change, code) in [(0, Code::TargetNotEquipped), (1, Code::TargetFull)] {
        let floor = Floor::new();
        floor.sign_in(&["ana", "bruno"]);
        floor.start_sms("bruno", OTHER);
        let conversation = floor.start_sms("ana", NUMBER);
        let offered = floor.transfer("ana", conversation, "bruno");
        floor.change(|setup| {
            let profile = setup.profiles.iter_mut().find(|it| it.id == id("site_wide")).unwrap();
            profile.limits.social.slots = change;
        });
        let answered = floor.ok(&accept("bruno", conversation, offered.offer));
        let Answered::Withdrawn(reasons) = answered else { panic!("{answered:?}") };
        assert_eq!(reasons.codes(), [code]);
        assert_eq!(floor.slots("bruno"), 1, "his own conversation");
        assert_eq!(floor.state("bruno"), State::Available);
        floor.send("ana", conversation, "I am back");
    }
}

#[test]
fn r49_a_sender_who_signs_out_takes_the_transfer_back_and_the_task_is_queued() {
    let (floor, conversation, offered) = asked();
    let refusals = floor.refuses(&sign_out("ana", Unfinished::Refuse), Code::AgentHoldsWork);
    assert_eq!(fact(&refusals, &Code::AgentHoldsWork, "held"), "1");
    floor.ok(&sign_out("ana", Unfinished::Requeue));
    assert_eq!(holder(&floor, conversation), queued_in("care_queue"));
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (0, 0));
    floor.refuses(&accept("bruno", conversation, offered.offer), Code::OfferNotPending);
    assert_eq!(floor.route("care_queue", None).to, id("bruno"), "he is still available");
}

#[test]
fn r49_when_both_go_offline_the_task_is_queued() {
    for order in [["ana", "bruno"], ["bruno", "ana"]] {
        let (floor, conversation, _) = asked();
        for agent in order {
            floor.ok(&sign_out(agent, Unfinished::Requeue));
        }
        assert_eq!(holder(&floor, conversation), queued_in("care_queue"));
        assert_eq!((floor.slots("ana"), floor.slots("bruno")), (0, 0));
        floor.sign_in(&["ana"]);
        floor.pass(3600);
        assert_eq!(floor.state("ana"), State::Available);
    }
}

#[test]
fn r49_a_lapsing_queue_offer_makes_rona_and_goes_back_to_the_head() {
    let floor = Floor::new();
    floor.sign_in(&["bruno", "carla"]);
    let first = floor.receive_sms("sms_care", NUMBER, "first").conversation;
    floor.advance(5);
    let second = floor.receive_sms("sms_care", OTHER, "second").conversation;
    assert_eq!(floor.route("care_queue", Some("bruno")).conversation, first);
    floor.pass(30);
    assert_eq!((floor.state("bruno"), floor.slots("bruno")), (State::Rona, 0));
    floor.refuses(&route("care_queue", "bruno"), Code::TargetNotAvailable);
    assert_eq!(floor.route("care_queue", Some("carla")).conversation, first, "it is the head again");
    floor.sign_in(&["ana"]);
    assert_eq!(floor.route("care_queue", None).conversation, second);
}

#[test]
fn r49_a_queue_offer_lapses_after_its_queues_own_time() {
    let floor = Floor::new();
    floor.sign_in_to("julia", "sales");
    floor.receive_sms("sms_sales", NUMBER, "hello");
    let offered = floor.route("sales_queue", None);
    assert_eq!(offered.expires, floor.now() + TimeDelta::seconds(15));
    floor.pass(15);
    assert_eq!(floor.state("julia"), State::Rona);
}

#[test]
fn r49_a_declined_or_deserted_queue_offer_goes_back_to_the_head() {
    let floor = Floor::new();
    floor.sign_in(&["bruno", "carla"]);
    let conversation = floor.receive_sms("sms_care", NUMBER, "hello").conversation;
    let since = floor.now();
    floor.advance(5);
    let offered = floor.route("care_queue", Some("bruno"));
    floor.ok(&decline("bruno", conversation, offered.offer));
    assert_eq!(floor.state("bruno"), State::Idle(id("declined")));
    floor.route("care_queue", Some("carla"));
    floor.ok(&sign_out("carla", Unfinished::Refuse));
    assert_eq!(floor.task(conversation), TaskState::Queued { queue: id("care_queue"), since });
}

#[test]
fn r19_a_transferred_task_is_never_accepted_by_itself() {
    let (floor, conversation) = working(&["bruno"]);
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    floor.ok(&WrapUp { agent: id("ana"), conversation, reason: id("resolved") });
    let offered = floor.route("care_queue", Some("ana"));
    assert!(matches!(floor.task(conversation), TaskState::Offered { .. }), "not even by its initiator");
    floor.accept("ana", conversation, offered.offer);
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.accept("bruno", conversation, offered.offer);
    floor.pass(60);
    floor.transfer("bruno", conversation, "ana");
    assert!(matches!(floor.task(conversation), TaskState::Frozen { agent, .. } if agent == id("bruno")));
    floor.refuses(&text("ana", conversation, "hello"), Code::TaskNotYours);
}

#[test]
fn r50_who_still_wraps_a_task_up_is_not_given_it_again() {
    let (floor, conversation, offered) = asked();
    floor.accept("bruno", conversation, offered.offer);
    let back = to_agent("bruno", conversation, "ana");
    let refusals = floor.refuses(&back, Code::TargetWrapsUp);
    assert_eq!(fact(&refusals, &Code::TargetWrapsUp, "target"), "ana");
    floor.ok(&WrapUp { agent: id("ana"), conversation, reason: id("resolved") });
    floor.passes(&back, Code::TargetWrapsUp);
    floor.ok(&back);
}

#[test]
fn b13_a_task_is_not_transferred_without_end() {
    let (floor, conversation) = working(&["bruno"]);
    let mut hands = ["ana", "bruno"].into_iter().cycle();
    let mut from = hands.next().unwrap();
    for to in hands.take(3) {
        floor.passes(&to_agent(from, conversation, to), Code::TransferHopLimit);
        let offered = floor.transfer(from, conversation, to);
        floor.accept(to, conversation, offered.offer);
        floor.ok(&WrapUp { agent: id(from), conversation, reason: id("resolved") });
        from = to;
    }
    let refusals = floor.refuses(&to_agent("bruno", conversation, "ana"), Code::TransferHopLimit);
    assert_eq!(fact(&refusals, &Code::TransferHopLimit, "hops"), "3");
    assert_eq!(fact(&refusals, &Code::TransferHopLimit, "limit"), "3");
    floor.refuses(&to_queue("bruno", conversation, "care_queue"), Code::TransferHopLimit);
}

#[test]
fn b13_a_transfer_that_comes_to_nothing_is_no_hop() {
    let (floor, conversation, offered) = asked();
    floor.ok(&decline("bruno", conversation, offered.offer));
    assert_eq!(floor.conversation(conversation).task().hops, 0);
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    assert_eq!(floor.conversation(conversation).task().hops, 1);
    floor.pass(60);
    let offered = floor.route("care_queue", Some("ana"));
    floor.accept("ana", conversation, offered.offer);
    floor.ok(&sign_out("ana", Unfinished::Requeue));
    let hops = floor.conversation(conversation).task().hops;
    assert_eq!(hops, 1, "neither is an offer out of a queue, or an agent who leaves");
}

#[test]
fn b04_only_a_standing_request_is_answered() {
    let (floor, conversation) = working(&["bruno"]);
    let ask = StartOutbound { on_conflict: OnConflict::AskHolder, ..sms("bruno", NUMBER) };
    let StartedHow::HandoverAsked(request) = floor.ok(&ask).how else { panic!("Ana is asked") };
    let give = |request| AnswerHandover { agent: id("ana"), conversation, request, give: true };
    floor.passes(&give(request), Code::HandoverNotAsked);
    floor.refuses(&give(OfferId::of(floor.id())), Code::HandoverNotAsked);
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.ok(&decline("bruno", conversation, offered.offer));
    floor.refuses(&give(request), Code::HandoverNotAsked);
}

#[test]
fn b04_a_request_is_off_when_the_task_moves_on_and_the_events_say_so() {
    let asked = || {
        let (floor, conversation) = working(&["bruno", "carla"]);
        floor.ok(&StartOutbound { on_conflict: OnConflict::AskHolder, ..sms("bruno", NUMBER) });
        (floor, conversation)
    };
    let (floor, conversation) = asked();
    let (_, events) = floor.events_of(|| floor.transfer("ana", conversation, "carla"));
    assert!(events.contains(&"handover_ended"), "{events:?}");
    let (floor, _) = asked();
    let (_, events) = floor.events_of(|| floor.ok(&sign_out("ana", Unfinished::Requeue)));
    assert!(events.contains(&"handover_ended"), "{events:?}");
}

fn targets(floor: &Floor, conversation: ConversationId, search: &str) -> TransferTargetsAnswer {
    floor.desk.ask(&TransferTargets::new(conversation, 100, 100).search(search)).unwrap()
}

fn agents(answer: &TransferTargetsAnswer) -> Vec<&str> {
    answer.agents.iter().map(|agent| agent.id.as_str()).collect()
}

fn queues(answer: &TransferTargetsAnswer) -> Vec<&str> {
    answer.queues.iter().map(|queue| queue.id.as_str()).collect()
}

#[test]
fn r44_the_list_of_queues_holds_those_that_take_the_channel() {
    let (floor, conversation) = working(&[]);
    assert_eq!(queues(&targets(&floor, conversation, "")), ["care_queue", "fallback", "sales_queue"]);
    let mail = floor.start_email("ana", "rita@example.com");
    assert_eq!(queues(&targets(&floor, mail, "")), ["care_queue", "fallback"]);
}

#[test]
fn r46_a_queue_of_the_list_tells_how_long_its_head_has_waited() {
    let (floor, conversation) = working(&["bruno"]);
    let waiting = || {
        let listed = targets(&floor, conversation, "").queues;
        listed.into_iter().map(|queue| queue.waiting_since).collect::<Vec<_>>()
    };
    assert_eq!(waiting(), [None, None, None]);
    let since = floor.now();
    for number in ["+351912345670", "+351912345671"] {
        floor.ok(&inbound("sms_care", number, number, "Hello?"));
        floor.pass(60);
    }
    assert_eq!(waiting(), [Some(since), None, None], "the older of two");
    floor.route("care_queue", Some("bruno"));
    assert_eq!(waiting(), [Some(since + TimeDelta::seconds(60)), None, None], "one of them is offered");
}

#[test]
fn r45_asking_again_reloads_the_list() {
    let (floor, conversation) = working(&[]);
    let bruno = || targets(&floor, conversation, "bruno").agents.remove(0);
    assert_eq!((bruno().state.clone(), bruno().is_available()), (None, false));
    floor.sign_in(&["bruno"]);
    assert_eq!((bruno().state.clone(), bruno().is_available()), (Some(State::Available), true));
    floor.set_idle("bruno");
    assert_eq!(bruno().state, Some(State::Idle(id("lunch"))));
}

#[test]
fn r46_the_list_is_searched_whatever_case_and_accents() {
    let floor = Floor::new();
    floor.sign_in(&["bruno"]);
    let conversation = floor.start_sms("bruno", NUMBER);
    for (search, found) in [
        ("conceicao ANA", vec!["ana"]),
        ("ÍRIS", vec!["iris"]),
        ("fabio", vec!["fabio"]),
        ("Bruno", vec![]),
        ("nobody", vec![]),
    ] {
        assert_eq!(agents(&targets(&floor, conversation, search)), found, "{search}");
    }
    assert_eq!(queues(&targets(&floor, conversation, "sao paulo")), ["sales_queue"]);
}

#[test]
fn r46_the_list_says_every_reason_why_not() {
    let (floor, conversation) = working(&["gil", "carla", "bruno", "iris"]);
    floor.set_idle("gil");
    floor.ok(&call("carla"));
    floor.start_sms("iris", OTHER);
    let answer = targets(&floor, conversation, "");
    let codes = |agent: &str| {
        let target = answer.agents.iter().find(|target| target.id == id(agent)).unwrap();
        target.refusals.as_ref().map(outbound::refusal::Refusals::codes)
    };
    assert_eq!(codes("bruno"), None);
    assert_eq!(codes("gil"), Some(vec![Code::TargetNotAvailable, Code::TargetNotEquipped]));
    assert_eq!(codes("carla"), Some(vec![Code::TargetBlended]));
    assert_eq!(codes("iris"), Some(vec![Code::TargetFull]));
    assert_eq!(codes("davi"), Some(vec![Code::TargetSignedOut]));
    assert!(!agents(&answer).contains(&"ana"), "the holder is no target");
    for agent in ["bruno", "gil", "carla", "iris", "davi"] {
        let refused = floor.explain(&to_agent("ana", conversation, agent));
        assert_eq!(refused.is_allowed(), codes(agent).is_none(), "the list and the transfer agree on {agent}");
    }
}

#[test]
fn r46_the_list_comes_in_pages() {
    let (floor, conversation) = working(&[]);
    let all = targets(&floor, conversation, "");
    assert_eq!((all.agents.len(), all.queues.len()), (9, 3));
    assert_eq!((&all.next_agent, &all.next_queue), (&None, &None));
    let mut ask = TransferTargets::new(conversation, 1, 4);
    let (mut some_agents, mut some_queues, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    while ask.agents > 0 || ask.queues > 0 {
        let page = floor.desk.ask(&ask).unwrap();
        pages.push((page.queues.len(), page.agents.len()));
        some_agents.extend(page.agents);
        some_queues.extend(page.queues);
        // A list that is over is not asked for any more.
        match page.next_agent {
            Some(last) => ask = ask.after_agent(last),
            None => ask.agents = 0,
        }
        match page.next_queue {
            Some(last) => ask = ask.after_queue(last),
            None => ask.queues = 0,
        }
    }
    assert_eq!(pages, [(1, 4), (1, 4), (1, 1)]);
    assert_eq!((some_agents, some_queues), (all.agents, all.queues));
}

#[test]
fn r46_the_list_of_a_conversation_that_does_not_exist_is_refused() {
    let (floor, _) = working(&[]);
    let missing = floor.no_conversation();
    let ask = TransferTargets::new(missing, 4, 4);
    assert!(matches!(floor.desk.ask(&ask), Err(outbound::port::Failure::Refused(reasons))
        if reasons.codes() == [Code::ConversationUnknown]));
}
