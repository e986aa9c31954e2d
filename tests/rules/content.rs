//! What goes with a message and what is kept of one: attachments, cleaned HTML, flags (R25, R31, R34).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use outbound::command::{ReceiveMessage, SendMessage};
use outbound::directory::Directory;
use outbound::engine::Terms;
use outbound::mail::html::{HtmlCleaner, Way};
use outbound::mail::{MailHeaders, ParsedMail};
use outbound::model::{
    Attachment, AttachmentProblem, Body, Content, ContentFlag, ConversationId, InlineImage, Private, ShapeOnly, Wording,
};
use outbound::refusal::Code;

use crate::support::{Floor, acme, fact, id, inbound, text};

const CUSTOMER: &str = "rita@example.com";

fn writing_at(floor: Floor) -> (Floor, ConversationId) {
    floor.sign_in(&["ana"]);
    let conversation = floor.start_email("ana", CUSTOMER);
    (floor, conversation)
}

fn file(name: &str, media_type: &str, size: u64) -> Attachment {
    Attachment { name: name.into(), media_type: media_type.into(), size, location: "blob/1".into(), content_id: None }
}

fn pdf(size: u64) -> Attachment {
    file("invoice.pdf", "application/pdf", size)
}

fn with(conversation: ConversationId, files: Vec<Attachment>) -> SendMessage {
    text("ana", conversation, "hello").with_subject("Files").with_attachments(files)
}

fn html(conversation: ConversationId, html: &str) -> SendMessage {
    SendMessage::new(id("ana"), conversation, Wording::html(html)).with_subject("HTML")
}

fn received(floor: &Floor, mail: &ReceiveMessage) -> Content {
    floor.message(floor.ok(mail).message).content().clone()
}

fn mail(html: &str) -> ReceiveMessage {
    ReceiveMessage { body: Body::Html(html.into()), ..inbound("mail_care", CUSTOMER, "m-1", "") }
}

#[test]
fn r25_as_many_attachments_as_the_set_up_allows_and_no_more() {
    let (floor, conversation) = writing_at(Floor::new());
    let some = |count| with(conversation, std::iter::repeat_n(pdf(1), count).collect());
    floor.passes(&some(10), Code::AttachmentTooMany);
    let refusals = floor.refuses(&some(11), Code::AttachmentTooMany);
    assert_eq!(fact(&refusals, &Code::AttachmentTooMany, "count"), "11");
    assert_eq!(fact(&refusals, &Code::AttachmentTooMany, "limit"), "10");
}

#[test]
fn r25_each_attachment_and_all_together_keep_within_their_sizes() {
    let (floor, conversation) = writing_at(Floor::with(|setup| {
        setup.organization.attachments.max_bytes = 100;
        setup.organization.attachments.max_total_bytes = 150;
    }));
    floor.passes(&with(conversation, vec![pdf(100), pdf(50)]), Code::AttachmentTooLarge);
    floor.passes(&with(conversation, vec![pdf(100), pdf(50)]), Code::AttachmentTotalTooLarge);
    let refusals = floor.refuses(&with(conversation, vec![pdf(1), pdf(101)]), Code::AttachmentTooLarge);
    assert_eq!(fact(&refusals, &Code::AttachmentTooLarge, "attachment"), "2");
    assert_eq!(fact(&refusals, &Code::AttachmentTooLarge, "size"), "101");
    let refusals = floor.refuses(&with(conversation, vec![pdf(100), pdf(51)]), Code::AttachmentTotalTooLarge);
    assert_eq!(fact(&refusals, &Code::AttachmentTotalTooLarge, "size"), "151");
    floor.refuses(&with(conversation, vec![pdf(u64::MAX), pdf(u64::MAX)]), Code::AttachmentTotalTooLarge);
}

#[test]
fn r25_inline_images_count_in_the_size_of_all_and_not_as_files() {
    let (floor, conversation) = writing_at(Floor::with(|setup| {
        setup.organization.attachments.max_count = 1;
        setup.organization.attachments.max_total_bytes = 20;
    }));
    let image =
        InlineImage { name: "a".into(), media_type: "image/gif".into(), bytes: Private::new(b"GIF89a....".to_vec()) };
    let wording = Wording::Html { html: "<img src=inline:a>".into(), images: vec![image] };
    let send = |size| {
        SendMessage::new(id("ana"), conversation, wording.clone()).with_subject("x").with_attachments([pdf(size)])
    };
    floor.passes(&send(10), Code::AttachmentTotalTooLarge);
    floor.passes(&send(10), Code::AttachmentTooMany);
    floor.refuses(&send(11), Code::AttachmentTotalTooLarge);
}

#[test]
fn r25_what_a_double_click_would_run_is_not_sent() {
    let (floor, conversation) = writing_at(Floor::new());
    let one = |name: &str, media_type: &str| with(conversation, vec![file(name, media_type, 1)]);
    for name in [
        "a.exe",
        "a.EXE",
        ".exe",
        "invoice.pdf.exe",
        "invoice.pdf        .exe",
        "a.exe.",
        "a.exe. . ",
        "a.exe\u{a0}",
        "a.ex\u{200b}e",
        "invoice\u{202e}fdp.exe",
        "a．exe",
        "a․exe",
        "a.exe::$DATA",
        "a.e\u{0}xe",
        "a.tar.js",
    ] {
        let refusals = floor.refuses(&one(name, "application/pdf"), Code::AttachmentTypeForbidden);
        assert_eq!(fact(&refusals, &Code::AttachmentTypeForbidden, "attachment"), "1");
        assert_eq!(fact(&refusals, &Code::AttachmentTypeForbidden, "media_type"), "application/pdf");
    }
    for media_type in [
        "application/x-msdownload",
        "Application/X-MSDownload; name=a",
        " text/javascript",
        "",
        "pdf",
        "a/b/c",
        "text/plain\r\nBcc: all@example.com",
        "text/plain; name=\"a\r\nb\"",
        "text/plain; é",
    ] {
        floor.refuses(&one("a.txt", media_type), Code::AttachmentTypeForbidden);
    }
    for (name, media_type) in [
        ("a.pdf", "application/pdf"),
        ("exe", "text/plain"),
        ("a.exe.pdf", "application/pdf"),
        ("acme.com invoice.pdf", "application/pdf"),
        ("a", "text/plain; charset=utf-8"),
        ("relatório final.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ] {
        floor.passes(&one(name, media_type), Code::AttachmentTypeForbidden);
        floor.passes(&one(name, media_type), Code::AttachmentNameNotAcceptable);
    }
}

#[test]
fn r25_the_set_up_says_which_types_are_forbidden() {
    let (floor, conversation) = writing_at(Floor::with(|setup| {
        setup.organization.attachments.forbidden_extensions = vec!["zip".into()];
        setup.organization.attachments.forbidden_media_types = vec!["application/zip".into()];
    }));
    let one = |name: &str, media_type: &str| with(conversation, vec![file(name, media_type, 1)]);
    floor.refuses(&one("a.ZIP", "text/plain"), Code::AttachmentTypeForbidden);
    floor.refuses(&one("a.txt", "application/ZIP"), Code::AttachmentTypeForbidden);
    floor.passes(&one("a.exe", "application/x-msdownload"), Code::AttachmentTypeForbidden);
}

#[test]
fn r25_a_file_name_deceives_nobody() {
    let (floor, conversation) = writing_at(Floor::new());
    let named = |name: &str| with(conversation, vec![file(name, "application/pdf", 1)]);
    for name in [
        "",
        " ",
        "..",
        "a\nb.pdf",
        "a\u{202e}fdp.txt",
        "a\u{2066}b.pdf",
        "a\u{200f}.pdf",
        "a\u{feff}.pdf",
        "a.exe\u{ad}",
        "a\u{3164}.pdf",
        "../../etc/passwd",
        "C:\\a.pdf",
        "a|b.pdf",
        " a.pdf",
        "a.pdf.",
        "a.pdf ",
        "con",
        "Nul.pdf",
        "COM1.pdf",
        "lpt².pdf",
        &"x".repeat(256),
    ] {
        let refusals = floor.refuses(&named(name), Code::AttachmentNameNotAcceptable);
        assert_eq!(fact(&refusals, &Code::AttachmentNameNotAcceptable, "attachment"), "1", "{name:?}");
    }
    for name in [
        "Fatura nº 7.pdf",
        "請求書.pdf",
        "نامه\u{200c}ها.pdf",
        "a..b.pdf",
        "contract.pdf",
        "com10.pdf",
        &"x".repeat(255),
    ] {
        floor.passes(&named(name), Code::AttachmentNameNotAcceptable);
    }
}

#[test]
fn r34_attachments_that_came_in_are_kept_and_flagged() {
    let floor = Floor::with(|setup| {
        setup.organization.inbound.max_attachments = 3;
        setup.organization.attachments.max_bytes = 10;
    });
    let part = Attachment { content_id: Some("logo@home".into()), ..file("logo.png", "image/png", 1) };
    let long = file(&format!("{}é.pdf", "x".repeat(254)), &"y".repeat(300), 11);
    let files = vec![part, file("a.pdf.exe", "application/pdf", 1), long, pdf(1), pdf(1)];
    let kept = received(&floor, &inbound("mail_care", CUSTOMER, "m-1", "hello").with_attachments(files.clone()));
    assert_eq!(
        kept.flags,
        [
            ContentFlag::ContentIdParts { count: 1 },
            ContentFlag::AttachmentsLeftOut { count: 2 },
            ContentFlag::Attachment { number: 2, problem: AttachmentProblem::TypeForbidden },
            ContentFlag::Attachment { number: 3, problem: AttachmentProblem::TooLarge },
            ContentFlag::Attachment { number: 3, problem: AttachmentProblem::TypeForbidden },
            ContentFlag::Attachment { number: 3, problem: AttachmentProblem::NameNotAcceptable },
        ]
    );
    assert_eq!(kept.attachments[..2], files[..2]);
    assert_eq!(kept.attachments[2].name.expose(), &"x".repeat(254), "the name is cut between characters");
    assert_eq!(kept.attachments[2].media_type.len(), 255);
    assert_eq!(kept.attachments.len(), 3);
    let part = Attachment { content_id: Some("z".repeat(300)), ..pdf(1) };
    let kept = received(&floor, &inbound("mail_care", CUSTOMER, "m-2", "hello").with_attachments(vec![part; 3]));
    assert_eq!(kept.flags, [ContentFlag::ContentIdParts { count: 3 }], "as many as are kept");
    assert_eq!(kept.attachments[0].content_id.as_deref(), Some(&*"z".repeat(255)));
}

#[test]
fn r26_a_body_longer_than_the_set_up_keeps_is_cut_and_flagged() {
    let floor = Floor::with(|setup| setup.organization.inbound.max_body_bytes = 5);
    let fits = received(&floor, &inbound("mail_care", CUSTOMER, "m-1", "12345"));
    assert_eq!((fits.body.expose(), fits.flags.len()), ("12345", 0));
    let cut = received(&floor, &inbound("mail_care", CUSTOMER, "m-2", "1234é"));
    assert_eq!(cut.body.expose(), "1234");
    assert_eq!(cut.flags, [ContentFlag::BodyCut { bytes: 6 }]);
}

#[test]
fn r25_a_mail_without_a_visible_word_or_image_is_blank() {
    let (floor, conversation) = writing_at(Floor::new());
    for blank in ["<p> &nbsp; </p>", "<!-- x -->", "<style>p { color: red }</style>", "<br><br>", "<p>&#8203;</p>"] {
        floor.refuses(&html(conversation, blank), Code::MessageBlank);
    }
    for said in ["<p>x</p>", "<img src='https://acme.example/x.png'>"] {
        floor.passes(&html(conversation, said), Code::MessageBlank);
    }
}

#[test]
fn r31_the_bytes_of_an_image_are_what_it_is_declared_to_be() {
    let (floor, conversation) = writing_at(Floor::new());
    let shown = |media_type: &str, bytes: &[u8]| {
        let image =
            InlineImage { name: "a".into(), media_type: media_type.into(), bytes: Private::new(bytes.to_vec()) };
        let wording = Wording::Html { html: "<img src=inline:a>".into(), images: vec![image] };
        SendMessage::new(id("ana"), conversation, wording).with_subject("x")
    };
    let kinds: [(&str, &[u8]); 4] = [
        ("image/png", b"\x89PNG\r\n\x1a\n..."),
        ("image/jpeg", b"\xff\xd8\xff\xe0..."),
        ("image/gif", b"GIF87a..."),
        ("image/webp", b"RIFF\x01\x02\x03\x04WEBPVP8 "),
    ];
    for (declared, _) in kinds {
        for (found, bytes) in kinds {
            if declared == found {
                floor.passes(&shown(declared, bytes), Code::ImageNotAsDeclared);
            } else {
                let refusals = floor.refuses(&shown(declared, bytes), Code::ImageNotAsDeclared);
                assert_eq!(fact(&refusals, &Code::ImageNotAsDeclared, "found"), found);
            }
        }
        for bytes in [&b""[..], b"<svg onload=alert(1)>", b"\x89PN", b"RIFF\x01\x02\x03\x04WAVE"] {
            floor.refuses(&shown(declared, bytes), Code::ImageNotAsDeclared);
        }
    }
}

#[test]
fn r25_without_a_cleaner_html_passes_as_it_is() {
    let (floor, conversation) = writing_at(Floor::new());
    let nasty = "<p onclick=x>hi</p><script>x</script>";
    let sent = floor.ok(&html(conversation, nasty));
    assert!(sent.warnings.is_empty());
    assert_eq!(floor.message(sent.message).content().body.expose(), nasty);
    let kept = received(&floor, &mail(nasty));
    assert_eq!((kept.body.expose(), kept.flags), (nasty, Vec::new()));
}

#[test]
fn b14_flags_are_written_down_and_read_back() {
    let flags = vec![
        ContentFlag::HtmlCleaned { removed: vec!["<script>".into()] },
        ContentFlag::RemoteImages { count: 1 },
        ContentFlag::ContentIdParts { count: 2 },
        ContentFlag::BodyCut { bytes: 3 },
        ContentFlag::AttachmentsLeftOut { count: 4 },
        ContentFlag::Attachment { number: 5, problem: AttachmentProblem::TypeForbidden },
    ];
    let written = serde_json::to_string(&flags).unwrap();
    let expected = r#"[{"flag":"html_cleaned","removed":["<script>"]},{"flag":"remote_images","count":1},{"flag":"content_id_parts","count":2},{"flag":"body_cut","bytes":3},{"flag":"attachments_left_out","count":4},{"flag":"attachment","number":5,"problem":"type_forbidden"}]"#;
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_str::<Vec<ContentFlag>>(&written).unwrap(), flags);
    assert!(
        !serde_json::to_string(&Content::default()).unwrap().contains("flags"),
        "what has none is written as before"
    );
}

/// Leaves everything as it is, and counts how often it is asked.
#[derive(Debug, Default, Clone)]
struct Counting(Arc<AtomicUsize>);

impl HtmlCleaner for Counting {
    fn clean(&self, html: &str, _way: Way) -> String {
        self.0.fetch_add(1, Ordering::Relaxed);
        html.into()
    }
}

#[test]
fn r25_what_comes_in_is_cleaned_once_however_much_is_looked_up_for_it() {
    let counting = Counting::default();
    let terms = Terms::new(Directory::new(acme()).unwrap(), ShapeOnly).with_html(counting.clone());
    let floor = Floor::under(terms);
    let mail = |headers: &[(&str, &str)]| {
        let headers = MailHeaders::from_pairs(headers.iter().copied());
        let mail = ParsedMail { headers, html: Some("<p>words</p>".into()), ..ParsedMail::default() };
        ReceiveMessage::from_mail(id("mail_care"), &mail)
    };
    let (first, reply) = (("Message-ID", "<1@x>"), ("In-Reply-To", "<1@x>"));
    let opened = floor.ok(&mail(&[("From", CUSTOMER), first, ("Subject", "Invoice")]));
    assert_eq!(counting.0.load(Ordering::Relaxed), 1);
    let joined = floor.ok(&mail(&[("From", CUSTOMER), ("Message-ID", "<2@x>"), reply, ("Subject", "Something else")]));
    assert_eq!((joined.conversation, counting.0.load(Ordering::Relaxed)), (opened.conversation, 2));
    // Nor is it cleaned again to say that it came before.
    floor.ok(&mail(&[("From", CUSTOMER), first, ("Subject", "Invoice")]));
    assert_eq!(counting.0.load(Ordering::Relaxed), 2);
}

#[cfg(feature = "html")]
mod cleaned {
    use outbound::directory::{HtmlRemoval, Setup};
    use outbound::mail::html::Ammonia;

    use super::*;

    fn floor(change: impl FnOnce(&mut Setup)) -> Floor {
        let mut setup = acme();
        change(&mut setup);
        Floor::under(Terms::new(Directory::new(setup).unwrap(), ShapeOnly).with_html(Ammonia::new()))
    }

    fn writing() -> (Floor, ConversationId) {
        writing_at(floor(|_| {}))
    }

    #[test]
    fn r25_what_is_sent_is_cleaned_and_what_went_is_told() {
        let (floor, conversation) = writing();
        let harmless =
            floor.ok(&html(conversation, "<p class=x style=\"color: red\">hi <a href='https://a.example'>x</a></p>"));
        assert!(harmless.warnings.is_empty(), "{:?}", harmless.warnings);
        let sent = floor
            .ok(&html(conversation, "<p onclick=x style=\"position: fixed; color: red\">hi</p><script>x</script>"));
        let body = floor.message(sent.message).content().body.clone();
        assert_eq!(body, Body::Html("<p style=\"color: red\">hi</p>".into()));
        let [warning] = &sent.warnings[..] else { panic!("{:?}", sent.warnings) };
        assert_eq!(*warning.code(), Code::HtmlCleaned);
        assert_eq!(warning.fact("removed").unwrap().to_string(), "<script>`, `onclick`, `style position");
    }

    #[test]
    fn r25_policy_can_refuse_instead() {
        let (floor, conversation) = writing_at(floor(|setup| setup.organization.html_removal = HtmlRemoval::Refuse));
        let refusals = floor.refuses(&html(conversation, "<p>hi</p><script>x</script>"), Code::HtmlCleaned);
        assert_eq!(fact(&refusals, &Code::HtmlCleaned, "removed"), "<script>");
        floor.passes(&html(conversation, "<p>hi</p>"), Code::HtmlCleaned);
    }

    #[test]
    fn r25_what_a_template_gives_is_cleaned_as_well() {
        let (floor, conversation) = writing_at(floor(|setup| {
            let template = &mut setup.templates[1];
            template.body = "<p onclick=\"x\" title=\"{{name}}\">Hello {{name}}</p>".into();
        }));
        let wording = Wording::template(id("hello_mail"), [("name", "<b>\"&amp;"), ("order", "7")]);
        let sent = floor.ok(&SendMessage::new(id("ana"), conversation, wording));
        let body = floor.message(sent.message).content().body.clone();
        assert_eq!(body.expose(), "<p title=\"&lt;b&gt;&quot;&amp;amp;\">Hello &lt;b&gt;\"&amp;amp;</p>");
        assert_eq!(body.plain(), "Hello <b>\"&amp;", "escaped once, and read as it was typed");
        assert_eq!(sent.warnings.len(), 1);
    }

    #[test]
    fn r32_images_are_rewritten_in_what_is_left_after_cleaning() {
        let (floor, conversation) = writing();
        let image = |name: &str| InlineImage {
            name: name.into(),
            media_type: "image/gif".into(),
            bytes: Private::new(b"GIF89a".to_vec()),
        };
        let with = |html: &str, name: &str| {
            let wording = Wording::Html { html: html.into(), images: vec![image(name)] };
            SendMessage::new(id("ana"), conversation, wording).with_subject("x")
        };
        let sent = floor.ok(&with("<IMG onerror=x SRC=' INLINE:a&amp;b '>", "a&b"));
        let content = floor.message(sent.message).content().clone();
        assert_eq!(content.body.expose(), format!("<img src=\"{}\">", content.images[0].url));
        floor.refuses(&with("<template><img src=inline:a></template>hi", "a"), Code::ImageNotShown);
        floor.refuses(&with("<img src=inline:a><img src=CID:x>", "a"), Code::ContentIdNotSupported);
    }

    #[test]
    fn r25_html_of_which_nothing_is_left_is_blank() {
        let (floor, conversation) = writing();
        floor.refuses(&html(conversation, "<svg><text>hi</text></svg>"), Code::MessageBlank);
    }

    #[test]
    fn r34_what_came_in_is_cleaned_and_flagged_and_its_parts_are_kept() {
        let (floor, _) = writing();
        let nasty = "<p onclick=x>hi</p><img src='cid:logo@home'><img src='https://spy.example/x.gif?id=7'>";
        let kept = received(&floor, &mail(nasty));
        let clean = "<p>hi</p><img src=\"cid:logo@home\"><img data-remote-src=\"https://spy.example/x.gif?id=7\">";
        assert_eq!(kept.body, Body::Html(clean.into()));
        assert_eq!(
            kept.flags,
            [ContentFlag::HtmlCleaned { removed: vec!["onclick".into()] }, ContentFlag::RemoteImages { count: 1 }]
        );
        let plain = received(&floor, &inbound("mail_care", CUSTOMER, "m-2", "<b onclick=x>"));
        assert_eq!((plain.body, plain.flags), (Body::Text("<b onclick=x>".into()), Vec::new()));
        let nice = received(&floor, &ReceiveMessage { provider: id("m-3"), ..mail("<p>hi</p>") });
        assert_eq!(nice.flags, [ContentFlag::HtmlCleaned { removed: Vec::new() }]);
    }

    #[test]
    fn r25_a_cut_body_is_cleaned_after_it_is_cut() {
        let floor = floor(|setup| setup.organization.inbound.max_body_bytes = 11);
        let kept = received(&floor, &mail("<p><b>hi</b></p>"));
        assert_eq!(kept.body, Body::Html("<p><b>hi</b></p>".into()));
        assert_eq!(kept.flags[0], ContentFlag::BodyCut { bytes: 16 });
    }
}
