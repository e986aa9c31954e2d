//! Slots: what they limit, when they are held, and which offers the blending mode permits (R7, R12, R23, R24).

use outbound::command::{BeginInteraction, EndInteraction, InteractionHow, Park, RouteNext, Target, Transfer, WrapUp};
use outbound::model::{ConversationId, MediaClass, Occupant};
use outbound::port::{CommitError, Store};
use outbound::refusal::{Code, Refusal, Retry, Value};

use crate::support::{Floor, decided, email, id, offered_interaction, signed_in, sms};

const CUSTOMER: &str = "+351912345678";
const OTHER: &str = "+351912345679";
const THIRD: &str = "+351912345680";

fn numbers(refusal: &Refusal) -> (Option<u64>, Option<u64>) {
    (refusal.count("used"), refusal.count("limit"))
}

fn route(queue: &str, agent: &str) -> RouteNext {
    RouteNext { queue: id(queue), agent: Some(id(agent)) }
}

/// The agent takes a customer's message out of the Care queue.
fn take_inbound(floor: &Floor, agent: &str, from: &str) -> ConversationId {
    let conversation = floor.receive_sms("sms_care", from, "hello?").conversation;
    let offer = floor.ok(&route("care_queue", agent)).offer;
    floor.accept(agent, conversation, offer);
    conversation
}

#[test]
fn r12_at_the_limit_nothing_more_is_started() {
    let floor = signed_in(&["iris"]);
    floor.passes(&sms("iris", CUSTOMER), Code::CapacityFull);
    floor.start_sms("iris", CUSTOMER);
    let refusals = floor.refuses(&sms("iris", OTHER), Code::CapacityFull);
    let refusal = refusals.primary();
    assert_eq!(refusals.codes(), [Code::CapacityFull]);
    assert_eq!(numbers(refusal), (Some(1), Some(1)));
    assert_eq!(refusal.fact("class"), Some(&Value::Class(MediaClass::Social)));
    assert_eq!(refusal.category().http_status(), 429);
    assert_eq!(refusal.retry(), Retry::WhenChanged(floor.presence("iris").key()));
    floor.ok(&email("iris", "rui@customer.example"));
}

#[test]
fn r12_inbound_and_outbound_share_the_slots() {
    let floor = signed_in(&["bruno"]);
    take_inbound(&floor, "bruno", "+351910000009");
    for number in [CUSTOMER, OTHER] {
        floor.start_sms("bruno", number);
    }
    let refusals = floor.refuses(&sms("bruno", THIRD), Code::CapacityFull);
    assert_eq!(numbers(refusals.primary()), (Some(3), Some(3)));
}

#[test]
fn r12_outbound_tasks_may_have_a_lower_limit_of_their_own() {
    let floor = signed_in(&["ana"]);
    floor.start_sms("ana", CUSTOMER);
    take_inbound(&floor, "ana", "+351910000009");
    floor.passes(&sms("ana", OTHER), Code::CapacityOutboundFull);
    floor.start_sms("ana", OTHER);
    let refusals = floor.refuses(&sms("ana", THIRD), Code::CapacityOutboundFull);
    assert_eq!(refusals.codes(), [Code::CapacityOutboundFull], "2 of 2 outbound, though only 3 of 5 in all");
    assert_eq!(numbers(refusals.primary()), (Some(2), Some(2)));
    floor.passes(&sms("ana", THIRD), Code::CapacityFull);
    take_inbound(&floor, "ana", THIRD);
}

#[test]
fn r12_both_limits_can_be_reached_at_once() {
    let floor = signed_in(&["ana"]);
    for nth in 0..3 {
        take_inbound(&floor, "ana", &format!("+35191000000{nth}"));
    }
    floor.start_sms("ana", CUSTOMER);
    floor.start_sms("ana", OTHER);
    let refusals = floor.refused(&sms("ana", THIRD));
    assert_eq!(refusals.codes(), [Code::CapacityFull, Code::CapacityOutboundFull]);
    let found: Vec<_> = refusals.iter().map(numbers).collect();
    assert_eq!(found, [(Some(5), Some(5)), (Some(2), Some(2))]);
}

#[test]
fn r12_a_slot_is_held_from_the_offer_on() {
    let floor = signed_in(&["ana", "iris"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.transfer("ana", conversation, "iris");
    let refusals = floor.refuses(&sms("iris", OTHER), Code::CapacityFull);
    assert_eq!(numbers(refusals.primary()), (Some(1), Some(1)));
    assert_eq!(floor.presence("ana").used(MediaClass::Social), 1, "and the sender's is kept until then");
}

#[test]
fn r12_a_slot_is_held_until_the_wrap_up_is_done() {
    let floor = signed_in(&["iris"]);
    let conversation = floor.start_sms("iris", CUSTOMER);
    floor.close("iris", conversation);
    let refusals = floor.refuses(&sms("iris", CUSTOMER), Code::CapacityFull);
    let deadline = floor.now() + chrono::TimeDelta::seconds(60);
    assert_eq!(refusals.primary().retry(), Retry::At(deadline));
    floor.ok(&WrapUp { agent: id("iris"), conversation, reason: id("resolved") });
    let again = floor.start_sms("iris", CUSTOMER);
    floor.close("iris", again);
    floor.pass(60);
    floor.start_sms("iris", CUSTOMER);
}

#[test]
fn r12_a_parked_task_holds_no_slot() {
    let floor = signed_in(&["iris"]);
    let conversation = floor.start_sms("iris", CUSTOMER);
    let until = floor.now() + chrono::TimeDelta::hours(1);
    floor.ok(&Park { agent: id("iris"), conversation, until, queue: None });
    floor.ok(&sms("iris", OTHER));
}

#[test]
fn r12_a_limit_that_is_lowered_takes_nothing_away() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.start_sms("ana", OTHER);
    floor.change(|setup| {
        let blended = setup.profiles.iter_mut().find(|profile| profile.id == id("blended")).unwrap();
        blended.limits.social.slots = 1;
        blended.limits.social.outbound = None;
    });
    let refusals = floor.refuses(&sms("ana", THIRD), Code::CapacityFull);
    assert_eq!(numbers(refusals.primary()), (Some(2), Some(1)));
    floor.send("ana", conversation, "still here");
}

#[test]
fn r12_of_two_starts_in_the_same_instant_one_gets_the_last_slot() {
    let floor = signed_in(&["iris"]);
    let (first, second) = (floor.id(), floor.id());
    let changes = [decided(&floor, first, &sms("iris", CUSTOMER)), decided(&floor, second, &sms("iris", OTHER))];
    let store = floor.desk.store();
    assert_eq!(Store::commit(store, changes[0].clone()), Ok(()));
    assert_eq!(Store::commit(store, changes[1].clone()), Err(CommitError::Conflict));
    floor.refuses(&sms("iris", OTHER), Code::CapacityFull);
    assert_eq!(floor.world().conversations().count(), 1);
}

#[test]
fn r12_holds_under_many_threads() {
    let floor = signed_in(&["bruno"]);
    let started = std::thread::scope(|scope| {
        let floor = &floor;
        let start = move |nth: u64| {
            let command = crate::support::command_id(floor.now(), 1000 + nth);
            floor.desk.run(command, &sms("bruno", &format!("+3519123400{nth:02}"))).is_ok()
        };
        let threads: Vec<_> = (0..12).map(|nth| scope.spawn(move || start(nth))).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap().then_some(())).count()
    });
    floor.check();
    assert_eq!((started, floor.presence("bruno").used(MediaClass::Social)), (3, 3));
}

#[test]
fn r23_calls_and_other_interactions_are_handled_beside_an_outbound_conversation() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    for class in [MediaClass::Voice, MediaClass::Chat, MediaClass::Email, MediaClass::Social] {
        floor.ok(&offered_interaction("ana", class));
    }
    floor.send("ana", conversation, "one moment, I am on a call");
    assert_eq!(floor.presence("ana").used(MediaClass::Social), 2);
    let interactions = floor.presence("ana").slots().to_vec();
    let foreign = interactions.iter().filter(|slot| matches!(slot.occupant, Occupant::Interaction { .. }));
    assert_eq!(foreign.filter(|slot| slot.outbound).count(), 0, "none counts towards the outbound limit");
}

#[test]
fn r24_an_interaction_takes_one_slot_and_frees_it_once() {
    let floor = signed_in(&["ana"]);
    let call = offered_interaction("ana", MediaClass::Voice);
    let end = EndInteraction { agent: id("ana"), interaction: call.interaction.clone() };
    floor.refuses(&end, Code::InteractionUnknown);
    floor.passes(&call, Code::InteractionKnown);
    floor.ok(&call);
    let again = floor.refuses(&call, Code::InteractionKnown);
    assert_eq!(again.codes(), [Code::CapacityFull, Code::InteractionKnown], "it is in the way of itself as well");
    floor.passes(&end, Code::InteractionUnknown);
    floor.ok(&end);
    floor.refuses(&end, Code::InteractionUnknown);
    assert!(floor.presence("ana").slots().is_empty());
}

#[test]
fn r24_an_interaction_needs_an_agent_who_is_known_equipped_and_has_room() {
    let floor = signed_in(&["ana", "gil"]);
    floor.sign_in_to("fabio", "bare");
    let voice = |agent| offered_interaction(agent, MediaClass::Voice);
    floor.refuses(&voice("nobody"), Code::AgentUnknown);
    floor.refuses(&voice("bruno"), Code::AgentSignedOut);
    floor.refuses(&voice("fabio"), Code::ProfileAbsent);
    floor.refuses(&offered_interaction("gil", MediaClass::Social), Code::ProfileChannelNotAllowed);
    for code in [Code::AgentUnknown, Code::AgentSignedOut, Code::AgentIdle, Code::AgentInRona, Code::ProfileAbsent] {
        floor.passes(&voice("ana"), code);
    }
    for code in [Code::ProfileChannelNotAllowed, Code::CapacityFull, Code::CapacityBlended] {
        floor.passes(&voice("ana"), code);
    }
    floor.ok(&voice("ana"));
    let second = BeginInteraction { interaction: id("another-call"), ..voice("ana") };
    assert_eq!(floor.refuses(&second, Code::CapacityFull).codes(), [Code::CapacityFull]);
}

#[test]
fn r24_only_an_available_agent_is_offered_an_interaction() {
    let floor = signed_in(&["ana", "bruno"]);
    floor.bring_into_rona("bruno", "ana", "+351910000009");
    floor.set_idle("ana");
    floor.refuses(&offered_interaction("bruno", MediaClass::Voice), Code::AgentInRona);
    floor.refuses(&offered_interaction("ana", MediaClass::Voice), Code::AgentIdle);
    let own = InteractionHow::SelfStarted;
    floor.ok(&BeginInteraction { how: own, ..offered_interaction("bruno", MediaClass::Voice) });
}

#[test]
fn r24_exclusive_permits_one_task_at_a_time() {
    let floor = signed_in(&["carla"]);
    floor.start_sms("carla", CUSTOMER);
    let call = offered_interaction("carla", MediaClass::Voice);
    let refusals = floor.refuses(&call, Code::CapacityBlended);
    assert_eq!(refusals.codes(), [Code::CapacityBlended]);
    assert_eq!(refusals.primary().fact("blending"), Some(&Value::Text("exclusive".into())));
    assert_eq!(refusals.primary().retry(), Retry::WhenChanged(floor.presence("carla").key()));
    floor.ok(&BeginInteraction { how: InteractionHow::SelfStarted, ..call });
}

#[test]
fn r24_real_time_permits_calls_or_chats_and_the_rest_beside_them() {
    let floor = Floor::new();
    floor.sign_in_to("julia", "sales");
    floor.ok(&offered_interaction("julia", MediaClass::Voice));
    floor.refuses(&offered_interaction("julia", MediaClass::Chat), Code::CapacityBlended);
    for class in [MediaClass::Email, MediaClass::Social] {
        floor.passes(&offered_interaction("julia", class), Code::CapacityBlended);
        floor.ok(&offered_interaction("julia", class));
    }
    let end = EndInteraction { agent: id("julia"), interaction: id("voice") };
    floor.ok(&end);
    floor.ok(&offered_interaction("julia", MediaClass::Chat));
    floor.refuses(&offered_interaction("julia", MediaClass::Voice), Code::CapacityBlended);
}

#[test]
fn r24_the_blending_mode_governs_offers_out_of_queues_and_transfers_alike() {
    let floor = signed_in(&["ana", "carla"]);
    let held = floor.start_sms("ana", CUSTOMER);
    floor.receive_sms("sms_care", OTHER, "hello?");
    let to_carla = Transfer { agent: id("ana"), conversation: held, to: Target::Agent(id("carla")) };
    floor.passes(&route("care_queue", "carla"), Code::TargetBlended);
    floor.passes(&to_carla, Code::TargetBlended);
    floor.ok(&offered_interaction("carla", MediaClass::Voice));
    floor.refuses(&route("care_queue", "carla"), Code::TargetBlended);
    let refusals = floor.refuses(&to_carla, Code::TargetBlended);
    assert_eq!(refusals.codes(), [Code::TargetBlended], "a slot is free; only the mode forbids it");
    floor.ok(&sms("carla", THIRD));
}

#[test]
fn r24_offers_need_a_free_slot_of_the_class() {
    let floor = signed_in(&["ana", "iris"]);
    let held = floor.start_sms("ana", CUSTOMER);
    floor.start_sms("iris", THIRD);
    floor.receive_sms("sms_care", OTHER, "hello?");
    let transfer = Transfer { agent: id("ana"), conversation: held, to: Target::Agent(id("iris")) };
    for refusals in
        [floor.refuses(&transfer, Code::TargetFull), floor.refuses(&route("care_queue", "iris"), Code::TargetFull)]
    {
        assert_eq!(numbers(refusals.primary()), (Some(1), Some(1)));
    }
    floor.passes(&route("care_queue", "ana"), Code::TargetFull);
}
