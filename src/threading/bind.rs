//! Where an e-mail belongs, decided by what it named and where each of these leads (B7).

use crate::directory::{Strangers, ThreadingPolicy};
use crate::model::{Binding, BoundTo, Confidence, ConversationId, Evidence, Finding, MessageId, Relation, Via};

/// One thing that an e-mail named, and what the records know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clue {
    /// It leads to a conversation.
    Leads {
        /// How it was named.
        via: Via,
        /// Where it leads.
        to: Lead,
    },
    /// It has our form and does not hold here.
    NotValidHere {
        /// How it was named.
        via: Via,
    },
    /// Nothing is known by it.
    Unknown {
        /// How it was named.
        via: Via,
    },
}

/// A conversation that an e-mail may belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lead {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message that was named, if one was.
    pub message: Option<MessageId>,
    /// Whether the conversation goes by the entry point that the e-mail reached.
    pub same_entry_point: bool,
    /// Who the e-mail's sender is to the conversation.
    pub relation: Relation,
    /// Whether the e-mail's subject, reply marks aside, is the conversation's.
    pub same_subject: bool,
}

/// B7: binds an e-mail, or does not, and says why.
///
/// The strongest clue that nothing speaks against decides; among equally strong ones the first. `forwarded` is whether the
/// e-mail's subject calls it a forward.
#[must_use]
pub fn bind(clues: &[Clue], forwarded: bool, policy: &ThreadingPolicy) -> Binding {
    let mut clues = clues.to_vec();
    clues.sort_by_key(Clue::via);
    let mut bound: Option<(Via, Lead)> = None;
    let mut evidence = Vec::with_capacity(clues.len());
    for clue in clues {
        let finding = match clue {
            Clue::NotValidHere { .. } => Finding::NotValidHere,
            Clue::Unknown { .. } => Finding::Unknown,
            Clue::Leads { via, to } => match (objection(via, &to, forwarded, policy), &bound) {
                (Some(objection), _) => objection,
                (None, Some((_, bound))) if bound.conversation == to.conversation => Finding::Agrees,
                (None, Some(_)) => Finding::Outranked,
                (None, None) => {
                    bound = Some((via, to));
                    Finding::Bound
                }
            },
        };
        evidence.push(clue.with(finding));
    }
    let (to, confidence) = match bound {
        Some((via, lead)) => {
            let (conversation, message) = (lead.conversation, lead.message);
            (BoundTo::Conversation { conversation, message, via }, confidence(via, &lead))
        }
        None if is_suspect(&evidence, policy) => (BoundTo::Quarantine, Confidence::None),
        None => (BoundTo::Nothing, Confidence::None),
    };
    Binding { to, confidence, evidence }
}

/// What speaks against following a clue, the weightiest first.
fn objection(via: Via, to: &Lead, forwarded: bool, policy: &ThreadingPolicy) -> Option<Finding> {
    let admitted = match to.relation {
        Relation::Customer | Relation::MailSystem => true,
        Relation::SameCustomer => policy.other_addresses,
        Relation::Addressed => policy.people_addressed,
        Relation::Stranger => {
            return Some(if to.same_entry_point { Finding::Stranger } else { Finding::OtherEntryPoint });
        }
    };
    if !to.same_entry_point {
        return Some(Finding::OtherEntryPoint);
    }
    if !admitted {
        return Some(Finding::NotAdmitted);
    }
    if forwarded && !matches!(to.relation, Relation::Customer | Relation::MailSystem) {
        return Some(Finding::Forwarded);
    }
    match via {
        Via::References if !to.same_subject && !policy.references_with_other_subject => Some(Finding::OtherSubject),
        Via::Subject if !to.same_subject => Some(Finding::OtherSubject),
        Via::Subject if !policy.subject_alone => Some(Finding::TooLittle),
        _ => None,
    }
}

/// How sure a binding is: the clue's own strength, less where the subject or the sender does not quite fit.
fn confidence(via: Via, to: &Lead) -> Confidence {
    let strength: u8 = match via {
        Via::ReplyToken | Via::OwnMessageId => 3,
        Via::InReplyTo | Via::References => 2,
        Via::Subject | Via::Address => 1,
    };
    let doubts =
        u8::from(!to.same_subject) + u8::from(!matches!(to.relation, Relation::Customer | Relation::MailSystem));
    match strength.saturating_sub(doubts) {
        3 => Confidence::Certain,
        2 => Confidence::High,
        _ => Confidence::Low,
    }
}

/// Whether somebody should look at a mail that was bound to nothing.
fn is_suspect(evidence: &[Evidence], policy: &ThreadingPolicy) -> bool {
    let quoted_anothers = |evidence: &Evidence| {
        matches!(evidence.finding, Finding::Stranger | Finding::NotAdmitted | Finding::NotValidHere)
            && evidence.via <= Via::References
    };
    matches!(policy.strangers, Strangers::Quarantine { .. }) && evidence.iter().any(quoted_anothers)
}

impl Clue {
    const fn via(&self) -> Via {
        match self {
            Self::Leads { via, .. } | Self::NotValidHere { via } | Self::Unknown { via } => *via,
        }
    }

    const fn with(self, finding: Finding) -> Evidence {
        let via = self.via();
        match self {
            Self::Leads { to, .. } => Evidence {
                via,
                finding,
                conversation: Some(to.conversation),
                message: to.message,
                relation: Some(to.relation),
                same_subject: Some(to.same_subject),
            },
            Self::NotValidHere { .. } | Self::Unknown { .. } => {
                Evidence { via, finding, conversation: None, message: None, relation: None, same_subject: None }
            }
        }
    }
}
