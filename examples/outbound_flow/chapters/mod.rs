//! What people do with a desk, chapter by chapter. Each stands alone but for the conversation with Maria.

mod beginning;
mod ending;
mod handing_over;
mod writing;

use std::sync::Arc;

use outbound::command::{Close, WrapUp};
use outbound::model::{AgentId, By, ConversationId};

use self::beginning::{channels, refusals, the_organization};
use self::ending::{books, closing, end_of_day, writes_again};
use self::handing_over::{from_rona, not_supported, targets, through_a_queue, unanswered};
use self::writing::{an_email, duplicate, during_a_call, limit, replies, start, stop};
use crate::story::{Story, Told};

type Chapter = fn(&mut Story) -> Told;

pub(crate) const ALL: [(&str, Chapter); 19] = [
    ("The organization", the_organization),
    ("Signing in, and the channels that each agent can use", channels),
    ("No, and why", refusals),
    ("A message first: explained, started, sent, delivered", start),
    ("The customer answers", replies),
    ("An e-mail", an_email),
    ("A customer who wants no more", stop),
    ("During a voice call", during_a_call),
    ("Somebody talks to her already", duplicate),
    ("The limit", limit),
    ("To whom?", targets),
    ("A transfer that nobody answers", unanswered),
    ("Starting from RONA", from_rona),
    ("By way of a queue", through_a_queue),
    ("What an outbound conversation cannot do", not_supported),
    ("Closing, and a wrap-up that is forgotten", closing),
    ("The customer writes again", writes_again),
    ("The end of the day", end_of_day),
    ("The books", books),
];

fn close(story: &mut Story, agent: &AgentId, conversation: ConversationId) -> Told {
    let closing = Close { by: By::Agent(agent.clone()), conversation };
    story.run(&story.name(agent), "closes the conversation", &closing)?;
    wrap_up(story, agent, conversation)
}

fn wrap_up(story: &mut Story, agent: &AgentId, conversation: ConversationId) -> Told {
    let directory = Arc::clone(&story.directory);
    let default = directory.organization().timings().wrap_up().default_reason();
    let reason = directory.wrap_up_reasons().rev().find(|reason| reason.id() != default.id()).unwrap_or(default);
    let given = WrapUp { agent: agent.clone(), conversation, reason: reason.id().clone() };
    story.run(&story.name(agent), &format!("wraps up: {}", reason.name()), &given)?;
    Ok(())
}
