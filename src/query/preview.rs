//! What a text message would cost, before it is sent (B8).

use serde::{Deserialize, Serialize};

use crate::engine::{Context, Question, Stop, View};
use crate::model::{Private, Wording};
use crate::policy::rules;
use crate::refusal::Refusals;
use crate::sms::{self, Forced, Plainer, Segments};

/// Asks how a wording would go as a text message (B8); a desk may ask it at each key press.
///
/// Refused with `template.unknown`, `template.other_channel`, `template.variables_missing`,
/// `template.variables_unknown`, `template.value_not_a_line`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsPreview {
    /// What is written, or the template with its values.
    pub wording: Wording,
}

/// How a wording would go as a text message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsPreviewAnswer {
    /// The text as it would leave.
    pub text: Private<String>,
    /// Its parts.
    pub segments: Segments,
    /// How many parts the organization allows.
    pub limit: u32,
    /// The characters that made it UCS-2.
    pub forced: Vec<Forced>,
    /// What it would be with the nearest GSM-7 characters; none where that changes nothing.
    pub plainer: Option<Plainer>,
    /// Every reason for which the text would not be sent; none where it would.
    pub refusals: Option<Refusals>,
}

impl Question for SmsPreview {
    type Answer = SmsPreviewAnswer;

    fn answer(&self, cx: &Context<'_>, _view: &View) -> Result<SmsPreviewAnswer, Stop> {
        let directory = cx.directory();
        let (text, refusals) = rules::preview_text(directory, &self.wording)?;
        Ok(SmsPreviewAnswer {
            segments: Segments::of(&text),
            limit: directory.organization().text_limits().max_sms_segments,
            forced: sms::forced(&text),
            plainer: sms::plainer(&text),
            text: Private::new(text),
            refusals,
        })
    }
}
