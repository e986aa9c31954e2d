//! E-mails: the template, what is cleaned away, images under URLs, attachments, the subject (R25–R34).

use std::path::Path;

use chrono::TimeDelta;
use outbound::model::{Attachment, Channel, InlineImage, Private, Wording};
use outbound::query::{MessagePreview, MessagePreviewAnswer};

use crate::Shown;
use crate::centre::Centre;
use crate::screen::{beginning, heading, line, minute, reason};

const TO: &str = "maria@example.com";

pub(crate) fn all(centre: &mut Centre) -> Shown {
    heading("E-mails: what would leave, and every reason why not");
    let ticket = |values: &[(&str, &str)]| {
        Ok::<_, Box<dyn std::error::Error>>(Wording::template("ticket".parse()?, values.iter().copied()))
    };
    show(centre, "a template; it has a word for whom it does not know", &to_maria(ticket(&[("ticket", "A&O-7")])?)?)?;
    show(centre, "the same, and a value is missing", &to_maria(ticket(&[("name", "Maria")])?)?)?;
    show(centre, "HTML that somebody pasted", &to_maria(Wording::html(PASTED))?.with_subject("Your trip"))?;
    images(centre)?;
    let files = [file("ticket.pdf", "application/pdf", 80_000), file("seats.exe", "application/octet-stream", 9)];
    let plain =
        || Ok::<_, Box<dyn std::error::Error>>(to_maria(Wording::text("See the files."))?.with_subject("Files"));
    show(centre, "two attachments", &plain()?.with_attachments(files))?;
    subjects(centre)
}

const PASTED: &str = r#"<p onclick="steal()">Hello <b>Maria</b>,</p><script>steal()</script><p>see <a href="https://estrela.example">us</a>.</p>"#;

/// R28–R34.
fn images(centre: &Centre) -> Shown {
    let shows = |images: Vec<InlineImage>, html: &str| {
        Ok::<_, Box<dyn std::error::Error>>(
            to_maria(Wording::Html { html: Private::new(html.to_owned()), images })?.with_subject("Your seats"),
        )
    };
    let html = r#"<p>Your seats:</p><img src="inline:seats.png" alt="12A, 12B">"#;
    let fits = shows(vec![image("seats.png", outbound::policy::MAX_IMAGE_BYTES)], html)?;
    show(centre, "an inline image of 15 KiB", &fits)?;
    let pci = Centre::open(|setup| setup.organization.pci = true)?;
    show(&pci, "the same where cards are paid with (PCI)", &fits)?;
    let larger = shows(vec![image("seats.png", outbound::policy::MAX_IMAGE_BYTES + 1)], html)?;
    show(centre, "one byte more", &larger)?;
    let parts = shows(Vec::new(), r#"<p>Your seats:</p><img src="cid:seats">"#)?;
    show(centre, "an image as a part of the mail (cid:)", &parts)
}

/// R27.
fn subjects(centre: &mut Centre) -> Shown {
    centre.wrote(Channel::Email, TO, Some("Your trip to Lisbon"))?;
    centre.wait(TimeDelta::days(2));
    let hello =
        |subject: &str| Ok::<_, Box<dyn std::error::Error>>(to_maria(Wording::text("Hello!"))?.with_subject(subject));
    show(centre, "an old subject, written as an answer", &hello("RE: Fwd: AW:  your TRIP to Lisbon")?)?;
    show(centre, "no subject", &to_maria(Wording::text("Hello!"))?)?;
    let stranger = MessagePreview { to: "joao@example.com".into(), ..hello("Your trip to Lisbon")? };
    show(centre, "the same subject to somebody else, who has not seen it", &stranger)
}

pub(crate) fn one(centre: &Centre, to: &str, subject: &str, body: &str, images: &[&str]) -> Shown {
    heading(&format!("An e-mail to {to}"));
    let images = images.iter().map(|path| read(path)).collect::<Shown<Vec<_>>>()?;
    let wording = if body.trim_start().starts_with('<') {
        Wording::Html { html: Private::new(body.to_owned()), images }
    } else {
        Wording::text(body)
    };
    show(centre, "yours", &MessagePreview::new("mail".parse()?, to, wording).with_subject(subject))
}

fn to_maria(wording: Wording) -> Shown<MessagePreview> {
    Ok(MessagePreview::new("mail".parse()?, TO, wording))
}

/// An image by what its bytes begin with.
fn image(name: &str, size: usize) -> InlineImage {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(size, 0);
    InlineImage { name: name.to_owned(), media_type: "image/png".to_owned(), bytes: Private::new(bytes) }
}

fn read(path: &str) -> Shown<InlineImage> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let path = Path::new(path);
    let named = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let extension = named(path.extension()).to_lowercase().replace("jpg", "jpeg");
    let media_type = format!("image/{extension}");
    Ok(InlineImage { name: named(path.file_name()), media_type, bytes: Private::new(bytes) })
}

fn file(name: &str, media_type: &str, size: u64) -> Attachment {
    let location = Private::new(format!("store/{name}"));
    Attachment { name: name.into(), media_type: media_type.to_owned(), size, location, content_id: None }
}

fn show(centre: &Centre, what: &str, preview: &MessagePreview) -> Shown {
    let answer: MessagePreviewAnswer = centre.preview(preview)?;
    line("");
    line(format!("* {what}"));
    if let Some(content) = &answer.content {
        let subject = content.subject.as_ref().map_or("-", |subject| subject.as_str());
        line(format!("  subject  {subject}"));
        line(format!("  body     {}", beginning(content.body.expose(), 300)));
        if content.body.is_html() {
            line(format!("  plain    {}", beginning(&content.body.plain(), 300)));
        }
        if let Some(made_from) = &content.template {
            line(format!("  template {} in version {}", made_from.template, made_from.version));
        }
        for image in &content.images {
            let (size, until) = (image.bytes.expose().len(), image.expires.format("%d %b %Y"));
            line(format!("  image    {} ({size} bytes), kept until {until}", image.url));
        }
        for attachment in &content.attachments {
            line(format!("  file     {} ({} bytes)", attachment.name.expose(), attachment.size));
        }
        line(format!("  earliest {}", answer.earliest.map_or_else(|| "never".to_owned(), minute)));
    }
    answer.warnings.iter().for_each(|warning| reason("but", warning));
    let reasons = [&answer.recipient, &answer.wording].into_iter().flatten();
    reasons.flat_map(|refusals| refusals.iter()).for_each(|refusal| reason("no", refusal));
    Ok(())
}
