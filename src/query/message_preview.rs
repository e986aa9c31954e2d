//! A message before it is sent: what would leave, to whom, and when at the earliest (B3, B5, B6, R25–R34).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::directory::ConsentScope;
use crate::engine::{Context, Question, Stop, View};
use crate::hours::ZoneId;
use crate::model::{
    Address, Attachment, Channel, Contact, Content, Conversation, ConversationId, Customer, CustomerId, EntryPointId,
    Key, MessageId, Private, Recipient, Subject, Wording,
};
use crate::policy::{Checks, Refused, rules};
use crate::refusal::{Refusal, Refusals};
use crate::threading::bearing;

/// Asks what a message would be, whether its recipient may be written to, and when: before a conversation is started, or
/// within the one that is open. Nothing is created, and no agent is needed: whether one may write is asked by
/// [`Channels`](super::Channels), and in full by explaining the command.
///
/// Refused with `entry_point.unknown`; all other reasons are in the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessagePreview {
    /// From: an entry point, which also tells the channel.
    pub entry_point: EntryPointId,
    /// To: a mobile number with its country code, or an e-mail address.
    pub to: Recipient,
    /// The customer, where the host knows who it is and the address was never seen.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The subject, on e-mail.
    #[serde(default)]
    pub subject: Option<Private<String>>,
    /// What is written.
    pub wording: Wording,
    /// Files that go with it, on e-mail.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

impl MessagePreview {
    /// A preview of a message without anything special.
    #[must_use]
    pub fn new(entry_point: EntryPointId, to: impl Into<Recipient>, wording: Wording) -> Self {
        Self { entry_point, to: to.into(), customer: None, subject: None, wording, attachments: Vec::new() }
    }

    /// The same under a subject (R27).
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(Private::new(subject.into()));
        self
    }

    /// The same with files, on e-mail.
    #[must_use]
    pub fn with_attachments(mut self, attachments: impl IntoIterator<Item = Attachment>) -> Self {
        self.attachments.extend(attachments);
        self
    }
}

/// What a message would be, and to whom and when it may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePreviewAnswer {
    /// The address; none where the recipient is none.
    pub to: Option<Address>,
    /// The customer behind the address, or where it was never seen the one whom the question names; none where nobody knows.
    pub customer: Option<CustomerId>,
    /// The conversation that is open and that it would go on in; none where it would begin one.
    pub conversation: Option<ConversationId>,
    /// What would leave, images under URLs that only sending makes final; none where it is against a rule.
    pub content: Option<Content>,
    /// What it would leave in spite of.
    pub warnings: Vec<Refusal>,
    /// Every reason that stands against what is written.
    pub wording: Option<Refusals>,
    /// Every reason that stands against writing to the recipient now.
    pub recipient: Option<Refusals>,
    /// Where the recipient may be, by the quiet hours; every zone of the world, where none is named.
    pub zones: Vec<ZoneId>,
    /// When the recipient may be written to at the earliest, behind what the conversation still has to send; none where that is not
    /// to be foreseen. Where it is later and there is no reason against it, the message would wait until then.
    pub earliest: Option<DateTime<Utc>>,
}

/// What is on record about a recipient.
#[derive(Clone, Copy)]
struct Known<'a> {
    address: &'a Address,
    contact: Option<&'a Contact>,
    open: Option<&'a Conversation>,
    customer: Option<&'a CustomerId>,
    noted: Option<&'a Customer>,
}

impl Question for MessagePreview {
    type Answer = MessagePreviewAnswer;

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let entry_point = cx.directory().entry_point(&self.entry_point);
        let address = entry_point.and_then(|from| self.to.resolve(from.channel(), cx.numbers()).ok());
        address.iter().map(Key::contact).collect()
    }

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<MessagePreviewAnswer, Stop> {
        let mut checks = Checks::default();
        let from = rules::needed_entry_point(&mut checks, cx.directory(), &self.entry_point)?;
        let address = rules::address(&mut checks, &self.to, from.channel(), cx.numbers());
        let known = address.as_ref().map(|address| self.known(cx, view, address)).transpose()?;
        let open = known.and_then(|known| known.open);
        if open.is_none() {
            rules::usable_entry_point(&mut checks, cx.directory(), &self.entry_point, from.channel());
        }
        let held = match open {
            Some(open) => rules::held_until(view.first_unsettled(open)?, cx.now),
            None => None,
        };
        let earliest = known.and_then(|known| self.may_be_written_to(cx, &mut checks, known));
        let (composed, wording) = self.composed(cx, view, from.channel(), known)?;
        let (content, warnings) = composed.map_or((None, Vec::new()), |it| (Some(it.content), it.warnings));
        let hours = cx.directory().organization().hours();
        let zones = known.map_or(&[][..], |it| rules::zones_of(hours, cx.terms.clocks(), it.contact, it.address));
        Ok(MessagePreviewAnswer {
            customer: known.and_then(|known| known.customer).cloned(),
            conversation: open.map(Conversation::id),
            content,
            warnings,
            wording,
            recipient: checks.all_hold().err().map(|refused| *refused.0),
            zones: zones.to_vec(),
            earliest: earliest.map(|earliest| held.map_or(earliest, |held| held.max(earliest))),
            to: address,
        })
    }
}

impl MessagePreview {
    fn known<'a>(&'a self, cx: &Context<'_>, view: &'a View, address: &'a Address) -> Result<Known<'a>, Stop> {
        let organization = cx.directory().organization();
        let contact = view.contact(address)?.map(|contact| &**contact);
        let bearing = contact.map(|contact| bearing(contact, &self.entry_point, organization.conflict_scope()));
        let open = bearing.and_then(|bearing| bearing.open);
        let open = open.map(|open| view.named_conversation(open)).transpose()?.map(|open| &**open);
        let customer = contact.map(Contact::customer).or(self.customer.as_ref());
        let noted = match customer {
            Some(customer) => view.customer(customer)?.map(|noted| &**noted),
            None => None,
        };
        Ok(Known { address, contact, open, customer, noted })
    }

    /// B5, B6: as for every message of an agent's; and when at the earliest nothing speaks against it.
    fn may_be_written_to(&self, cx: &Context<'_>, checks: &mut Checks, known: Known<'_>) -> Option<DateTime<Utc>> {
        let organization = cx.directory().organization();
        let (hours, caps, clocks) = (organization.hours(), organization.caps(), cx.terms.clocks());
        let Known { address, contact, open, noted, .. } = known;
        rules::same_customer(checks, contact, self.customer.as_ref());
        let scope = organization.consent().scope();
        let wishes = noted.filter(|_| scope == ConsentScope::Organization);
        let entry_point = open.map_or(&self.entry_point, Conversation::entry_point);
        let standing = rules::Standing { entry_point, contact, customer: wishes };
        rules::may_be_written_to(checks, scope, standing, cx.now);
        let expires = cx.now.checked_add_signed(organization.timings().delivery().expire_after());
        let sending = rules::Sending {
            address,
            newest_inbound: open.and_then(Conversation::newest_inbound),
            contact,
            now: cx.now,
            not_after: expires.unwrap_or(DateTime::<Utc>::MAX_UTC),
            override_reason: None,
        };
        let leaves = rules::hours(checks, hours, clocks, sending).deferred_until().unwrap_or(cx.now);
        rules::caps(checks, caps, noted, sending, leaves);
        if standing.is_opted_out() {
            return None;
        }
        let lifted = contact.and_then(|contact| contact.suppression(cx.now)).map_or(cx.now, |until| until.until);
        rules::earliest((hours, caps), clocks, noted, sending, lifted)
    }

    /// R25–R34: what would leave, or every reason why not.
    fn composed(
        &self,
        cx: &Context<'_>,
        view: &View,
        channel: Channel,
        known: Option<Known<'_>>,
    ) -> Result<(Option<rules::Composed>, Option<Refusals>), Stop> {
        let open = known.and_then(|known| known.open);
        let on = rules::Writing {
            directory: cx.directory(),
            html: cx.terms.html(),
            channel,
            subject: open.and_then(Conversation::subject),
            message: MessageId::of(cx.command),
            now: cx.now,
        };
        let mut checks = Checks::default();
        let subject = self.subject.as_ref().map(|subject| subject.expose().as_str());
        let mut composed = match rules::compose(&mut checks, on, subject, &self.wording, &self.attachments) {
            Ok(composed) => composed,
            Err(Refused(refusals)) => return Ok((None, Some(*refusals))),
        };
        rules::subject_given(&mut checks, channel, &composed.content);
        let brought = rules::new_subject(on.subject, &composed.content).map(Subject::normalised);
        if let (Some(brought), Some(customer)) = (brought, known.and_then(|known| known.customer)) {
            let used = view.subject(customer, &brought)?.map(|used| used.conversation);
            let policy = cx.directory().organization().subject_reuse();
            composed.warnings.extend(rules::subject_unused(&mut checks, used, open.map(Conversation::id), policy));
        }
        let refusals = checks.all_hold().err().map(|refused| *refused.0);
        Ok((refusals.is_none().then_some(composed), refusals))
    }
}
