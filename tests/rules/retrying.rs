//! Sending again what did not get through (B10).

use chrono::{Months, TimeDelta};
use outbound::command::{ClaimDispatch, RecordAttempt, RetryMessage, SendMessage};
use outbound::model::{
    Cause, ConversationId, Direction, HostedImage, InlineImage, MessageId, Private, SendResult, Status, Wording,
};
use outbound::record::Claimed;
use outbound::refusal::{Code, Retry};

use crate::support::{Floor, id, text};

const NUMBER: &str = "+351912345678";

fn floor() -> (Floor, ConversationId) {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", NUMBER);
    (floor, conversation)
}

fn fail(floor: &Floor, message: MessageId, cause: Cause) {
    floor.ok(&ClaimDispatch { message });
    floor.ok(&RecordAttempt { message, attempt: 1, result: SendResult::permanent(cause, "no") });
    assert_eq!(floor.message(message).status(), Status::Failed);
}

fn failed() -> (Floor, ConversationId, MessageId) {
    let (floor, conversation) = floor();
    let message = floor.send("ana", conversation, "hello");
    fail(&floor, message, Cause::Blocked);
    (floor, conversation, message)
}

fn retry(message: MessageId) -> RetryMessage {
    RetryMessage::new(id("ana"), message)
}

#[test]
fn b10_a_retry_really_sends_again_under_a_key_of_its_own() {
    let (floor, conversation, message) = failed();
    let command = floor.id();
    let (sent, events) = floor.events_of(|| floor.run_as(command, &retry(message)).unwrap());
    assert_eq!(events, ["retried", "message_sent", "message_made"]);
    assert_ne!(sent.message, message);
    assert_eq!(sent.number, 2);
    let again = floor.message(sent.message);
    assert_eq!(again.content(), floor.message(message).content());
    assert!(matches!(again.draft().direction, Direction::Outbound { retries: Some(it), .. } if it == message));
    assert_eq!(floor.message(message).delivery().retried, Some(sent.message));
    assert_eq!(floor.run_as(command, &retry(message)).unwrap(), sent, "B2");
    let Claimed::Send(dispatch) = floor.ok(&ClaimDispatch { message: sent.message }) else { panic!("it is due") };
    assert_eq!((dispatch.idempotency_key, dispatch.attempt), (sent.message, 1));
    assert_eq!(dispatch.content.body.expose(), "hello");
    assert_eq!(floor.conversation(conversation).unsettled(), [sent.message]);
    assert_eq!(floor.message(message).status(), Status::Failed, "what failed stays so");
}

#[test]
fn b10_a_message_is_sent_again_once_and_its_retry_may_be() {
    let (floor, _, message) = failed();
    floor.passes(&retry(message), Code::MessageRetried);
    let second = floor.ok(&retry(message)).message;
    let refusals = floor.refuses(&retry(message), Code::MessageRetried);
    assert_eq!(refusals.primary().retry(), Retry::Never);
    assert_eq!(crate::support::fact(&refusals, &Code::MessageRetried, "retry"), second.to_string());
    fail(&floor, second, Cause::Blocked);
    floor.ok(&retry(second));
}

#[test]
fn b10_only_what_failed_or_expired_is_sent_again() {
    let (floor, conversation) = floor();
    let message = floor.send("ana", conversation, "hello");
    let refusals = floor.refuses(&retry(message), Code::MessageNotFailed);
    assert_eq!(refusals.primary().retry(), Retry::WhenChanged(floor.message(message).key()));
    floor.pump();
    floor.refuses(&retry(message), Code::MessageNotFailed);
    let received = floor.receive_sms("sms_care", NUMBER, "hello").message;
    floor.refuses(&retry(received), Code::MessageNotSent);
    floor.refuses(&retry(MessageId::of(floor.id())), Code::MessageUnknown);
    let late = floor.ok(&text("ana", conversation, "soon").not_after(floor.now() + TimeDelta::seconds(1))).message;
    floor.advance(1);
    assert_eq!(floor.pump().expired, 1);
    floor.passes(&retry(late), Code::MessageNotFailed);
    let again = floor.ok(&retry(late)).message;
    assert!(floor.message(again).not_after() > Some(floor.now()), "it has a deadline of its own");
    assert_eq!(floor.pump().sent, 1);
}

#[test]
fn b10_every_rule_of_sending_holds_for_a_retry() {
    let (floor, conversation, message) = failed();
    floor.refuses(&RetryMessage { agent: id("nobody"), ..retry(message) }, Code::AgentUnknown);
    floor.refuses(&RetryMessage { agent: id("bruno"), ..retry(message) }, Code::TaskNotYours);
    floor.refuses(&retry(message).not_after(floor.now()), Code::MessageDeadlinePassed);
    let meanwhile = floor.receive_sms("sms_care", NUMBER, "hello?").message;
    let unseen = retry(message).having_seen_nothing();
    floor.refuses(&unseen, Code::CustomerWroteMeanwhile);
    floor.passes(&retry(message).having_seen(meanwhile), Code::CustomerWroteMeanwhile);
    floor.receive_sms("sms_care", NUMBER, "STOP");
    floor.refuses(&retry(message), Code::ConsentOptedOut);
    floor.advance(1);
    floor.receive_sms("sms_care", NUMBER, "START");
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.refuses(&retry(message), Code::TaskFrozen);
    floor.accept("bruno", conversation, offered.offer);
    floor.ok(&RetryMessage { agent: id("bruno"), ..retry(message) });
    floor.close("bruno", conversation);
    floor.refuses(&RetryMessage { agent: id("bruno"), ..retry(message) }, Code::ConversationClosed);
}

#[test]
fn r33_an_image_that_is_sent_again_is_kept_as_long_as_a_new_one_and_r28_only_while_it_is_allowed() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let conversation = floor.start_email("ana", "rita@example.com");
    let bytes = Private::new(b"GIF89a....".to_vec());
    let image = InlineImage { name: "logo".into(), media_type: "image/gif".into(), bytes };
    let html = Wording::Html { html: Private::new(r#"<img src="inline:logo">"#.into()), images: vec![image] };
    let message = floor.ok(&SendMessage::new(id("ana"), conversation, html).with_subject("Pictures")).message;
    fail(&floor, message, Cause::Unknown);
    floor.advance(30 * 86_400);
    floor.passes(&retry(message), Code::ImageForbidden);
    let again = floor.ok(&retry(message)).message;
    let [first, second] = [message, again].map(|it| floor.message(it).content().images[0].clone());
    assert_eq!(second.expires, floor.now().checked_add_months(Months::new(6)).unwrap());
    assert_eq!(HostedImage { expires: first.expires, ..second }, first);
    fail(&floor, again, Cause::Unknown);
    floor.change(|setup| setup.organization.pci = true);
    floor.refuses(&retry(again), Code::ImageForbidden);
}
