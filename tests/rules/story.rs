//! The whole story once, in short.

use outbound::command::{RouteNext, Target, Transfer};
use outbound::model::{State, TaskState};
use outbound::refusal::Code;

use crate::support::{Floor, id, sms};

#[test]
fn the_whole_story() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let (conversation, events) = floor.events_of(|| floor.start_sms("ana", "+351912345678"));
    assert_eq!(events, ["opened", "offered", "accepted", "contact_made", "thread_opened", "slot_taken"]);
    floor.send("ana", conversation, "hello");
    floor.send("ana", conversation, "are you there?");
    assert_eq!(floor.pump().sent, 2);
    let received = floor.receive_sms("sms_care", "+351912345678", "yes");
    assert_eq!(received.conversation, conversation);
    let refusals = floor.refuses(&sms("bruno", "+351912345678"), Code::ConversationExists);
    assert_eq!(refusals.primary().conversation(), Some(conversation));

    floor.transfer("ana", conversation, "bruno");
    floor.pass(31);
    assert_eq!(floor.state("bruno"), State::Rona);
    assert!(matches!(floor.conversation(conversation).state(), TaskState::Active { .. }));
    floor.ok(&Transfer { agent: id("ana"), conversation, to: Target::Queue(id("care_queue")) });
    floor.sign_in(&["carla"]);
    let offered = floor.ok(&RouteNext { queue: id("care_queue"), agent: None });
    assert_eq!(offered.to, id("carla"));
    floor.accept("carla", conversation, offered.offer);
    floor.close("carla", conversation);
    floor.pass(61);
    let again = floor.receive_sms("sms_care", "+351912345678", "one more thing");
    assert!(again.opened);
    assert_eq!(floor.conversation(again.conversation).previous(), Some(conversation));
}
