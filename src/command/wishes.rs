//! What customers wish about being written to, as several commands write it down (B5).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::moves::after;
use crate::directory::ConsentScope;
use crate::engine::{Context, Draft, Stop, View};
use crate::model::{
    Address, Cause, Contact, ContactEvent, Customer, CustomerEvent, CustomerId, EntryPointId, Key, Message, Problem,
    Reason, Suppression, ToldBy, Wish,
};
use crate::policy::rules::Standing;

/// B5: what is on record for all of a customer's addresses; not looked at where the set-up keeps no wish there.
pub(super) fn wishes_of<'v>(
    cx: &Context<'_>,
    view: &'v View,
    draft: &mut Draft,
    customer: Option<&CustomerId>,
) -> Result<Option<&'v Arc<Customer>>, Stop> {
    match customer {
        Some(customer) if reaches_everything(cx) => on_record(view, draft, customer),
        _ => Ok(None),
    }
}

/// B5: the same, where nothing rests on it but a reason to refuse.
pub(super) fn wishes_seen<'v>(
    cx: &Context<'_>,
    view: &'v View,
    customer: Option<&CustomerId>,
) -> Result<Option<&'v Arc<Customer>>, Stop> {
    match customer {
        Some(customer) if reaches_everything(cx) => view.customer(customer),
        _ => Ok(None),
    }
}

/// A customer's record. What is decided in its absence makes it, so that of two who look at once one looks again.
pub(super) fn on_record<'v>(
    view: &'v View,
    draft: &mut Draft,
    customer: &CustomerId,
) -> Result<Option<&'v Arc<Customer>>, Stop> {
    let found = view.customer(customer)?;
    let key = Key::customer(customer);
    if found.is_none() && !draft.touches(key) {
        draft.begin::<Customer>(key, CustomerEvent::CustomerNoted { customer: customer.clone() });
    }
    Ok(found)
}

/// Whether an opt-out holds for all of a customer's addresses.
pub(super) fn reaches_everything(cx: &Context<'_>) -> bool {
    cx.directory().organization().consent().scope() == ConsentScope::Organization
}

/// Changes a contact that is on record, or that this decision has just made.
fn change(view: &View, draft: &mut Draft, address: &Address, event: ContactEvent) -> Result<(), Stop> {
    match view.contact(address)? {
        Some(contact) => draft.record(contact, event),
        None => draft.then::<Contact>(Key::contact(address), event),
    }
    Ok(())
}

/// A wish that somebody told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) wish: Wish,
    /// The entry point that it was told to; none for all.
    pub(super) about: Option<&'a EntryPointId>,
    pub(super) by: &'a ToldBy,
    pub(super) reason: Option<&'a Reason>,
}

/// B5: writes a wish down as far as the set-up lets it reach; what is on record already is not told twice. Answers whether it
/// changed anything.
pub(super) fn tell(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    address: &Address,
    customer: &CustomerId,
    told: Told<'_>,
) -> Result<bool, Stop> {
    let contact = view.contact(address)?;
    let known = wishes_of(cx, view, draft, Some(customer))?;
    let about = match cx.directory().organization().consent().scope() {
        ConsentScope::EntryPoint => told.about,
        ConsentScope::Channel | ConsentScope::Organization => None,
    };
    if is_on_record(contact.map(|contact| &**contact), known.map(|known| &**known), told.wish, about) {
        return Ok(false);
    }
    let (entry_point, by, reason) = (about.cloned(), told.by.clone(), told.reason.cloned());
    let event = match told.wish {
        Wish::OptedOut => ContactEvent::OptedOut { entry_point, by, reason },
        Wish::OptedIn => ContactEvent::OptedIn { entry_point, by, reason },
    };
    change(view, draft, address, event)?;
    if reaches_everything(cx) {
        let (wish, by, reason) = (told.wish, told.by.clone(), told.reason.cloned());
        note(view, draft, customer, CustomerEvent::WishTold { wish, by, reason })?;
    }
    Ok(true)
}

/// Whether all that a wish is about stands so already.
fn is_on_record(
    contact: Option<&Contact>,
    customer: Option<&Customer>,
    wish: Wish,
    about: Option<&EntryPointId>,
) -> bool {
    let stands = |entry_point: &EntryPointId| {
        let standing = Standing { entry_point, contact, customer };
        match wish {
            Wish::OptedOut => standing.is_opted_out(),
            Wish::OptedIn => standing.is_opted_in(),
        }
    };
    match about {
        Some(entry_point) => stands(entry_point),
        None => {
            let of_contact = contact.and_then(|contact| contact.consents().iter().find(|it| it.entry_point.is_none()));
            let for_all = customer.and_then(Customer::consent).or(of_contact);
            let mut exceptions = contact.map_or(&[][..], Contact::consents).iter();
            for_all.is_some_and(|for_all| for_all.wish == wish) && exceptions.all(|it| it.wish == wish)
        }
    }
}

/// Writes something down about a customer.
pub(super) fn note(view: &View, draft: &mut Draft, customer: &CustomerId, event: CustomerEvent) -> Result<(), Stop> {
    match on_record(view, draft, customer)? {
        Some(known) => draft.record(known, event),
        None => draft.then::<Customer>(Key::customer(customer), event),
    }
    Ok(())
}

/// B5: an address is not written to until a time; where it already is not for as long, nothing changes.
pub(super) fn suppress(
    view: &View,
    draft: &mut Draft,
    address: &Address,
    until: DateTime<Utc>,
    by: &ToldBy,
    reason: Option<&Reason>,
) -> Result<(), Stop> {
    let stands = |known: &Suppression| known.is_replaced_by(by) && known.until >= until;
    if view.contact(address)?.is_some_and(|contact| contact.suppressions().iter().any(stands)) {
        return Ok(());
    }
    change(view, draft, address, ContactEvent::Suppressed { until, by: by.clone(), reason: reason.cloned() })
}

/// B5: an address may be written to again, as far as who says so can know.
pub(super) fn lift(
    view: &View,
    draft: &mut Draft,
    address: &Address,
    by: &ToldBy,
    reason: Option<&Reason>,
) -> Result<(), Stop> {
    let ends = |known: &Suppression| known.is_lifted_by(by);
    if !view.contact(address)?.is_some_and(|contact| contact.suppressions().iter().any(ends)) {
        return Ok(());
    }
    change(view, draft, address, ContactEvent::SuppressionLifted { by: by.clone(), reason: reason.cloned() })
}

/// B5: what a provider's complaint tells about the customer: that they opted out there, or that nobody is there.
pub(super) fn heed(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    message: &Message,
    problem: &Problem,
    for_good: bool,
) -> Result<(), Stop> {
    let by = ToldBy::Provider { message: message.id() };
    let address = &message.draft().address;
    match problem.cause() {
        Cause::OptedOut => {
            let customer = view.named_contact(address)?.customer();
            let about = Some(&message.draft().entry_point);
            let told = Told { wish: Wish::OptedOut, about, by: &by, reason: None };
            tell(cx, view, draft, address, customer, told).map(|_| ())
        }
        Cause::NoSuchAddress if for_good => {
            let until = after(cx.now, cx.directory().organization().consent().suppress());
            suppress(view, draft, address, until, &by, None)
        }
        _ => Ok(()),
    }
}
