//! Addresses that people type.

use outbound::model::{Channel, E164, EmailAddress, Libphonenumber, NumberPlan, Recipient, Rlibphonenumber, ShapeOnly};

/// An e-mail address: its canonical form and its typed one are the same mailbox.
pub fn email(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(address) = EmailAddress::parse(&text) else { return };
    for form in [address.canonical(), address.as_typed(), &address.for_sending()] {
        match EmailAddress::parse(form) {
            Ok(again) => assert_eq!(again.canonical(), address.canonical(), "{form}"),
            Err(error) => panic!("{form}, of {text}: {error}"),
        }
    }
    assert!(address.canonical().ends_with(address.domain()) && address.domain().is_ascii());
    assert_eq!(address.domain(), address.domain().to_ascii_lowercase());
    let _ = address.needs_smtputf8();
}

/// A phone number, by its shape and by the plan that is the default.
pub fn phone(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    plan_is_sound(&ShapeOnly, &text);
    plan_is_sound(&Libphonenumber, &text);
    if let Ok(number) = E164::parse(&text) {
        is_sound(number);
    }
}

/// A phone number, by the second plan.
pub fn second_plan(data: &[u8]) {
    plan_is_sound(&Rlibphonenumber, &String::from_utf8_lossy(data));
}

/// What a plan gives, typed again, gives itself.
fn plan_is_sound(plan: &dyn NumberPlan, text: &str) {
    if let Ok(number) = plan.parse(text) {
        assert_eq!(plan.parse(&number.e164.to_text()), Ok(number), "{plan:?}");
        is_sound(number.e164);
    }
    for channel in [Channel::Sms, Channel::Email] {
        let recipient = Recipient::typed(text);
        if let Ok(address) = recipient.resolve(channel, plan) {
            assert_eq!(address.channel(), channel);
            assert_eq!(Recipient::typed(address.as_text()).resolve(channel, plan), Ok(address), "{plan:?}");
        }
        let _ = recipient.resolve_sender(channel, plan);
    }
}

/// A number's matching form is the same for both of its national forms.
fn is_sound(number: E164) {
    assert_eq!(E164::parse(&number.to_text()), Ok(number));
    let form = number.matching_form();
    assert_eq!(form.matching_form(), form);
    if let Some(variant) = number.variant() {
        assert_eq!(variant.matching_form(), form);
        assert_eq!(variant.variant(), Some(number));
    }
}
