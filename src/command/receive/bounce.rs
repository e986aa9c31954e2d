//! What a report of a mail system tells about a message of ours (B5, B7, B10).

use std::sync::Arc;

use crate::command::report::advance;
use crate::command::wishes::heed;
use crate::engine::{Context, Draft, Stop, View};
use crate::mail::{Complaint, DeliveryAction, DeliveryReport, Report};
use crate::model::{Address, Cause, EmailAddress, Key, Message, Problem, Status};

/// B7, B10: the message is as far as the report says; B5: a dead address is not written to for a while, and whoever calls a
/// message spam wants no more of them.
pub(super) fn take_in(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    message: &Arc<Message>,
    report: &Report,
) -> Result<(), Stop> {
    match report {
        Report::Delivery(delivery) => match delivery.action {
            DeliveryAction::Failed => {
                let problem = problem(delivery, &message.draft().address);
                advance(cx, view, draft, message, Status::Failed, Some(&problem)).map(|_| ())
            }
            DeliveryAction::Delivered => advance(cx, view, draft, message, Status::Delivered, None).map(|_| ()),
            DeliveryAction::Delayed | DeliveryAction::Relayed | DeliveryAction::Expanded => Ok(()),
        },
        Report::Read(receipt) if receipt.is_read => advance(cx, view, draft, message, Status::Read, None).map(|_| ()),
        Report::Complaint(complaint) if is_objection(complaint) => {
            heed(cx, view, draft, message, &Problem::new(Cause::OptedOut, &complaint.kind), true)
        }
        Report::Read(_) | Report::Complaint(_) => Ok(()),
    }
}

/// Why a message failed. Nobody is there only where the report says so of the very address that was written to: where it names
/// others, the mail was forwarded, and it is their addresses that are dead.
fn problem(report: &DeliveryReport, address: &Address) -> Problem {
    let is_about_it = report.recipients.is_empty()
        || report.recipients.iter().any(|recipient| {
            let named = [Some(&recipient.address), recipient.original_address.as_ref()];
            let mut named = named.into_iter().flatten().filter_map(|named| EmailAddress::parse(named).ok());
            named.any(|named| Key::contact(&Address::Email(named)) == Key::contact(address))
        });
    let told = report.status.map_or(Cause::Unknown, |status| {
        Cause::of_mail_status(u16::from(status.class()), status.subject(), status.detail())
    });
    let cause = match (report.is_hard, told) {
        (true, _) if is_about_it => Cause::NoSuchAddress,
        (_, Cause::NoSuchAddress) => Cause::Unreachable,
        (_, told) => told,
    };
    let words = report.diagnostic.clone().or_else(|| report.status.map(|status| status.to_string()));
    Problem::new(cause, &words.unwrap_or_default())
}

/// Feedback also says that a mail was no spam after all.
fn is_objection(complaint: &Complaint) -> bool {
    complaint.kind != "not-spam"
}
