//! Files that go with an e-mail, or came with one (R25).

use super::Checks;
use crate::directory::AttachmentRules;
use crate::mail::file_name::{check_file_name, extension};
use crate::mail::media_type::essence;
use crate::model::{Attachment, AttachmentProblem, InlineImage};
use crate::refusal::{Code, Fact};

/// R25: as many and as large as the set-up allows, of types that it allows, under names that deceive nobody.
pub(crate) fn attachments_allowed(
    checks: &mut Checks,
    rules: &AttachmentRules,
    attachments: &[Attachment],
    images: &[InlineImage],
) {
    let count = attachments.len() as u64;
    checks.require(count <= rules.max_count.into(), Code::AttachmentTooMany, || {
        vec![Fact::new("count", count), Fact::new("limit", rules.max_count)]
    });
    let files = attachments.iter().map(|attachment| attachment.size);
    let sizes = files.chain(images.iter().map(|image| image.bytes.expose().len() as u64));
    let total = sizes.fold(0_u64, u64::saturating_add);
    checks.require(total <= rules.max_total_bytes.into(), Code::AttachmentTotalTooLarge, || {
        vec![Fact::new("size", total), Fact::new("limit", rules.max_total_bytes)]
    });
    for (attachment, number) in attachments.iter().zip(1_u64..) {
        attachment_allowed(checks, rules, attachment, number);
    }
}

fn attachment_allowed(checks: &mut Checks, rules: &AttachmentRules, attachment: &Attachment, number: u64) {
    let name = attachment.name.expose();
    checks.require(!is_too_large(rules, attachment), Code::AttachmentTooLarge, || {
        vec![Fact::new("attachment", number), Fact::new("size", attachment.size), Fact::new("limit", rules.max_bytes)]
    });
    checks.require(!is_forbidden(rules, attachment), Code::AttachmentTypeForbidden, || {
        vec![
            Fact::new("attachment", number),
            Fact::quoting("media_type", &attachment.media_type),
            Fact::quoting("extension", &extension(name).unwrap_or_default()),
        ]
    });
    let acceptable = check_file_name(name);
    checks.require(acceptable.is_ok(), Code::AttachmentNameNotAcceptable, || {
        let problem = acceptable.err().map(|problem| problem.to_string());
        vec![Fact::new("attachment", number), Fact::new("problem", problem.unwrap_or_default())]
    });
}

/// What is wrong with an attachment that came in.
pub(crate) fn attachment_problems(rules: &AttachmentRules, attachment: &Attachment) -> Vec<AttachmentProblem> {
    [
        (is_too_large(rules, attachment), AttachmentProblem::TooLarge),
        (is_forbidden(rules, attachment), AttachmentProblem::TypeForbidden),
        (check_file_name(attachment.name.expose()).is_err(), AttachmentProblem::NameNotAcceptable),
    ]
    .into_iter()
    .filter_map(|(wrong, problem)| wrong.then_some(problem))
    .collect()
}

fn is_too_large(rules: &AttachmentRules, attachment: &Attachment) -> bool {
    attachment.size > rules.max_bytes.into()
}

fn is_forbidden(rules: &AttachmentRules, attachment: &Attachment) -> bool {
    let extension = extension(attachment.name.expose());
    let by_name = extension.is_some_and(|extension| rules.forbidden_extensions.contains(&extension));
    by_name || essence(&attachment.media_type).is_none_or(|essence| rules.forbidden_media_types.contains(&essence))
}
