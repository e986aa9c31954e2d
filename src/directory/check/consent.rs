//! Checks how the organization keeps to what customers wish (B5).

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::rows::{At, Rows};
use crate::directory::consent::{ConsentRules, ConsentSetup, KeywordSetup};
use crate::directory::problem::Problem;
use crate::model::{Channel, Template};
use crate::sms::Keywords;

pub(super) fn consent(at: &mut At<'_>, row: &ConsentSetup, templates: &Rows<Template>) -> ConsentRules {
    let keywords = keywords(at, &row.keywords);
    at.above_zero("consent.suppress_days", row.suppress_days.into());
    let confirmation = at.refer_if_any("consent.confirmation", templates, row.confirmation.as_ref());
    if let Some(template) = &confirmation
        && (template.channel() != Channel::Sms || template.render(&BTreeMap::new()).is_err())
    {
        at.report("consent.confirmation", Problem::NotAConfirmation { template: template.id().clone() });
    }
    let suppress = TimeDelta::days(row.suppress_days.into());
    ConsentRules { scope: row.scope, keywords, suppress, confirmation }
}

fn keywords(at: &mut At<'_>, row: &KeywordSetup) -> Keywords {
    let mut keywords = Keywords::standard();
    for (i, word) in row.remove.iter().enumerate() {
        if !keywords.remove(word) {
            at.report(format_args!("consent.keywords.remove[{i}]"), Problem::NotAKeyword(word.clone()));
        }
    }
    for (i, added) in row.add.iter().enumerate() {
        if let Err(problem) = keywords.add(&added.word, added.means) {
            at.report(format_args!("consent.keywords.add[{i}].word"), problem.into());
        }
    }
    keywords
}
