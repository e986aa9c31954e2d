//! From where a conversation starts (R16, R17).

use outbound::command::StartOutbound;
use outbound::model::Channel;
use outbound::refusal::{Code, Retry, Value};

use crate::support::{Floor, email, id, sms};

const CUSTOMER: &str = "+351912345678";

fn from(entry_point: &str) -> StartOutbound {
    StartOutbound { entry_point: id(entry_point), ..sms("ana", CUSTOMER) }
}

fn with_ana(floor: Floor) -> Floor {
    floor.sign_in(&["ana"]);
    floor
}

#[test]
fn r16_a_conversation_starts_from_an_enabled_entry_point_of_its_channel() {
    let floor = with_ana(Floor::new());
    let unknown = floor.refuses(&from("sms_nowhere"), Code::EntryPointUnknown);
    assert_eq!(unknown.primary().category().http_status(), 404);
    let other = floor.refuses(&from("mail_care"), Code::EntryPointOtherChannel);
    assert_eq!(other.codes(), [Code::EntryPointOtherChannel]);
    assert_eq!(other.primary().fact("found"), Some(&Value::Channel(Channel::Email)));
    assert_eq!(other.primary().category().http_status(), 422);
    let disabled = floor.refuses(&from("sms_old"), Code::EntryPointDisabled);
    assert_eq!(disabled.codes(), [Code::EntryPointDisabled]);
    assert_eq!(disabled.primary().fact("entry_point"), Some(&Value::EntryPoint(id("sms_old"))));
    for code in [Code::EntryPointUnknown, Code::EntryPointOtherChannel, Code::EntryPointDisabled] {
        floor.passes(&from("sms_sales"), code);
    }
    let conversation = floor.ok(&from("sms_sales")).conversation;
    assert_eq!(*floor.conversation(conversation).entry_point(), id("sms_sales"));
}

#[test]
fn r16_a_disabled_entry_point_still_receives() {
    let floor = with_ana(Floor::new());
    let received = floor.receive_sms("sms_old", CUSTOMER, "is this still your number?");
    assert!(received.opened);
}

#[test]
fn r17_with_none_configured_nothing_starts_and_that_alone_is_the_reason() {
    let floor = with_ana(Floor::with(|setup| setup.entry_points.retain(|it| it.channel != Channel::Sms)));
    for picked in ["sms_care", "mail_care"] {
        let refusals = floor.refuses(&from(picked), Code::EntryPointNoneConfigured);
        assert_eq!(refusals.codes(), [Code::EntryPointNoneConfigured], "not `unknown`, nor `other channel`");
        assert_eq!(refusals.primary().fact("channel"), Some(&Value::Channel(Channel::Sms)));
        assert_eq!(refusals.primary().retry(), Retry::WhenSetUpChanges);
    }
    floor.passes(&email("ana", "rui@customer.example"), Code::EntryPointNoneConfigured);
    floor.ok(&email("ana", "rui@customer.example"));
}

#[test]
fn r17_an_entry_point_that_is_only_disabled_is_configured() {
    let floor = with_ana(Floor::with(|setup| setup.entry_points.retain(|it| it.id == id("sms_old"))));
    floor.passes(&from("sms_old"), Code::EntryPointNoneConfigured);
    assert_eq!(floor.refused(&from("sms_old")).codes(), [Code::EntryPointDisabled]);
}
