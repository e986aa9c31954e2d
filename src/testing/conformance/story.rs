//! A short story that leaves a record of every kind.

use super::finding::Finding;
use super::floor::Floor;
use crate::command::{
    Accept, BeginInteraction, Close, InteractionHow, Park, ReceiptStatus, ReceiveMessage, ReportDelivery, SendMessage,
    StartOutbound, Target, Transfer, WrapUp,
};
use crate::model::{By, Cause, Channel, ConversationId, Dispatch, MediaClass, SendResult, Wording};
use crate::port::{Failure, NoMedia};
use crate::record::Transferred;
use crate::testing::conformance::made::second;

/// Takes every message.
pub(super) fn take(dispatch: &Dispatch) -> SendResult {
    match format!("p-{}", dispatch.idempotency_key).as_str().try_into() {
        Ok(provider) => SendResult::accepted(provider),
        Err(_) => SendResult::permanent(Cause::Unknown, "no id"),
    }
}

/// Ana starts a conversation by text message.
pub(super) fn start(floor: &Floor, to: &str) -> Result<ConversationId, Finding> {
    let start = StartOutbound::new("ana".try_into()?, Channel::Sms, "sms".try_into()?, to);
    Ok(floor.run(&start)?.conversation)
}

/// Tells the story.
pub(super) fn tell(floor: &Floor) -> Result<(), Finding> {
    let (rita, mail) = ("+351912345678", "rita@example.com");
    let by_mail = floor.run(&StartOutbound::new("ana".try_into()?, Channel::Email, "mail".try_into()?, mail))?;
    let html = SendMessage::new("ana".try_into()?, by_mail.conversation, Wording::html("<p>Olá, Rita & família</p>"));
    floor.run(&html.with_subject("A sua encomenda nº 10 — “chegou”"))?;
    floor.desk.deliver_due(floor.id(), &take, &NoMedia, 10)?;
    report(floor, "mail", "an id that nobody knows yet", ReceiptStatus::Delivered)?;
    let started = start(floor, rita)?;
    floor.run(&SendMessage::new("ana".try_into()?, started, Wording::text("first")))?;
    let last = floor.run(&SendMessage::new("ana".try_into()?, started, Wording::text("second")))?;
    floor.desk.deliver_due(floor.id(), &take, &NoMedia, 10)?;
    report(floor, "sms", &format!("p-{}", last.message), ReceiptStatus::Read)?;
    floor.run(&ReceiveMessage::text("sms".try_into()?, rita, "in-1".try_into()?, "obrigada 😀"))?;
    refused_start(floor, rita)?;
    let transfer = Transfer { agent: "ana".try_into()?, conversation: started, to: Target::Agent("bruno".try_into()?) };
    if let Transferred::Asked(offered) = floor.run(&transfer)? {
        floor.run(&Accept { agent: "bruno".try_into()?, conversation: started, offer: offered.offer })?;
    }
    floor.run(&Park { agent: "bruno".try_into()?, conversation: started, until: second(3600), queue: None })?;
    floor.run(&WrapUp { agent: "ana".try_into()?, conversation: started, reason: "resolved".try_into()? })?;
    floor.run(&Close { by: By::Agent("ana".try_into()?), conversation: by_mail.conversation })?;
    let (class, interaction) = (MediaClass::Voice, "call-1".try_into()?);
    let agent = "bruno".try_into()?;
    floor.run(&BeginInteraction { agent, class, interaction, how: InteractionHow::SelfStarted })?;
    Ok(())
}

fn report(floor: &Floor, entry_point: &str, provider: &str, status: ReceiptStatus) -> Result<(), Finding> {
    let (entry_point, provider) = (entry_point.try_into()?, provider.try_into()?);
    floor.run(&ReportDelivery { entry_point, provider, status, problem: Some("none — “really”".into()) })?;
    Ok(())
}

/// A start that is refused, and written down.
fn refused_start(floor: &Floor, to: &str) -> Result<(), Finding> {
    let again = StartOutbound::new("bruno".try_into()?, Channel::Sms, "sms".try_into()?, to);
    match floor.run(&again) {
        Err(Failure::Refused(_)) => Ok(()),
        Ok(_) => Err(Finding::new("a second conversation with one customer was started")),
        Err(other) => Err(other.into()),
    }
}
