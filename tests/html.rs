//! HTML of mail bodies: what is left of it, what it says, and how long that takes.
#![expect(clippy::disallowed_methods, reason = "a test measures how long it takes")]

#[cfg(feature = "html")]
#[path = "fuzz/bodies/tags.rs"]
mod tags;

use std::time::{Duration, Instant};

use outbound::mail::html::to_text;

#[test]
fn r25_html_becomes_readable_text() {
    let cases = [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<b>bo</b>ld and <i> it </i>alic", "bold and it alic"),
        ("  much \n\t white&nbsp;&nbsp;space ", "much white space"),
        ("<ul><li>milk</li><li>bread</li></ul>after", "- milk\n- bread\n\nafter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>c", "a\n  b\nc"),
        ("a&lt;b &amp;&amp; c&gt;d &eacute; &#233; &#xE9; &euro; &unknown; &", "a<b && c>d é é é € &unknown; &"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<style>p { color: red }</style><script>alert('<p>')</script><title>T</title>shown", "shown"),
        ("<!-- hidden --> shown <!-- > --> too <!--> and --> this", "shown too and --> this"),
        ("a<!--b--!>c<!-- --!>d<!---!>e--!>f<!-- > --!>g-->", "acdfg-->"),
        ("<img src=x alt='a logo'>", "a logo"),
        ("<a href='https://a.example/x'>here</a>.", "here <https://a.example/x>."),
        ("<a href='https://a.example/'>https://a.example/</a>", "https://a.example/"),
        ("<a href='mailto:ana@a.example'>ana@a.example</a>", "ana@a.example"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("<p title='a > b'>x</p>", "x"),
        ("cut off <b", "cut off"),
        ("cut off <a href='x", "cut off"),
        ("<p>R&eacute;sum&eacute</p>", "Résumé"),
    ];
    for (html, text) in cases {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn r25_comments_made_to_stall_are_read_in_time() {
    for end in ["--!>", "-->"] {
        let html = format!("{}shown", format!("<!--a{end}").repeat(100_000));
        let begin = Instant::now();
        assert_eq!(to_text(&html), "shown");
        assert!(begin.elapsed() < Duration::from_secs(10), "{end}: {:?}", begin.elapsed());
    }
}

#[cfg(feature = "html")]
mod cleaned {
    use crate::tags::{attribute_names, tags_of};
    use std::time::{Duration, Instant};

    use outbound::mail::html::{Ammonia, HtmlCleaner, Way, remote_images, to_text};
    use proptest::prelude::*;

    const WAYS: [Way; 2] = [Way::Outbound, Way::Inbound];

    #[test]
    fn r25_harmless_html_stays_as_it_is() {
        let cleaner = Ammonia::new();
        for html in [
            "plain text",
            "<p>Hello <b>Rita</b>,<br>your <i>order</i> is <span style=\"color: red\">ready</span>.</p>",
            "<ul><li>one</li><li>two</li></ul>",
            "<table border=\"1\"><tbody><tr><td colspan=\"2\" style=\"padding: 4px\">a</td></tr></tbody></table>",
            "<h1>Olá</h1><blockquote>é assim</blockquote><pre>a\n  b</pre>",
            "1 &lt; 2 &amp; 3 &gt; 2",
            "<p style=\"margin: 0cm; font-family: 'Segoe UI', Arial; background: rgb(1, 2, 3)\">x</p>",
        ] {
            for way in WAYS {
                assert_eq!(cleaner.clean(html, way), html, "{way:?}");
            }
        }
    }

    #[test]
    fn r25_what_could_do_harm_goes_and_what_it_says_stays() {
        let cleaner = Ammonia::new();
        let table = [
            ("<script>alert(1)</script>hi", "hi"),
            ("<SCRIPT SRC=//evil.example/x.js></SCRIPT>hi", "hi"),
            ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
            ("<p onclick=alert(1)>hi</p>", "<p>hi</p>"),
            ("<img src=x onerror=alert(1)>", "<img>"),
            ("<img src=`javascript:alert(1)`>", "<img>"),
            ("<svg onload=alert(1)><circle/></svg>hi", "hi"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>hi", "<img>hi"),
            (
                "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
                "",
            ),
            ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "&lt;p title=\"<img>\"&gt;"),
            ("<iframe src=https://evil.example></iframe>hi", "hi"),
            ("<object data=x><embed src=y></object>hi", "hi"),
            ("<form action=https://evil.example><input name=pin><button>Go</button></form>", "Go"),
            ("<link rel=stylesheet href=https://evil.example/x.css>hi", "hi"),
            ("<meta http-equiv=refresh content='0;url=https://evil.example'>hi", "hi"),
            ("<base href=https://evil.example>hi", "hi"),
            ("<style>@import 'https://evil.example/x.css';</style>hi", "hi"),
            (
                "<p style=\"background: url(https://evil.example/x.png); color: red\">hi</p>",
                "<p style=\"color: red\">hi</p>",
            ),
            ("<p style=\"background: \\75 rl(https://evil.example/x.png)\">hi</p>", "<p>hi</p>"),
            ("<p style=\"width: expression(alert(1))\">hi</p>", "<p>hi</p>"),
            ("<p style=\"position: fixed; top: 0; z-index: 9\">hi</p>", "<p>hi</p>"),
            ("<p style=\"margin-top: -1000px; color: #fff\">hi</p>", "<p style=\"color: #fff\">hi</p>"),
            ("<p style=\"behavior: url(x.htc); -moz-binding: url(x)\">hi</p>", "<p>hi</p>"),
            ("<p class=modal id=login name=x>hi</p>", "<p>hi</p>"),
            ("<video poster=https://evil.example/x.png><source src=y></video>hi", "hi"),
            ("<marquee><blink>hi</blink></marquee>", "hi"),
            ("<!-- <b> --><!--[if mso]><p>x</p><![endif]-->hi", "hi"),
            ("<!doctype html><html><head><title>T</title></head><body bgcolor=red>hi</body></html>", "hi"),
            ("<textarea><img src=x onerror=alert(1)></textarea>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("<template><script>alert(1)</script></template>hi", "hi"),
            ("hi\0there", "hithere"),
        ];
        for (html, clean) in table {
            for way in WAYS {
                assert_eq!(cleaner.clean(html, way), clean, "{html}");
            }
        }
    }

    #[test]
    fn r25_links_keep_the_schemes_that_are_harmless() {
        let cleaner = Ammonia::new();
        let rel = "rel=\"noopener noreferrer\"";
        for url in [
            "https://a.example/x?y=1&amp;z=2",
            "http://a.example",
            "mailto:ana@a.example",
            "tel:+351210000000",
            "HTTPS://A.EXAMPLE",
        ] {
            let html = format!("<a href=\"{url}\">x</a>");
            assert_eq!(cleaner.clean(&html, Way::Outbound), format!("<a href=\"{url}\" {rel}>x</a>"));
            let inbound = cleaner.clean(&html, Way::Inbound);
            assert!(
                inbound.contains(url) && inbound.contains(rel) && inbound.contains("target=\"_blank\""),
                "{inbound}"
            );
        }
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "&#106;avascript:alert(1)",
            "&#x6A&#x61vascript:alert(1)",
            "javascript&colon;alert(1)",
            "\u{1}javascript:alert(1)",
            "vbscript:x",
            "data:text/html,<script>alert(1)</script>",
            "data:text/html;base64,PHNjcmlwdD4=",
            "file:///etc/passwd",
            "/logout",
            "//evil.example/x",
            "\\\\evil\\share",
            "#top",
            "cid:x",
            "inline:x",
            "blob:https://a.example/x",
            "ms-word:x",
            "view-source:x",
            "",
        ] {
            for way in WAYS {
                let cleaned = cleaner.clean(&format!("<a href=\"{url}\">x</a>"), way);
                assert!(!cleaned.contains("href"), "{url:?}: {cleaned}");
            }
        }
    }

    #[test]
    fn r34_images_are_kept_by_the_way_they_go() {
        let cleaner = Ammonia::new();
        let kept = |source: &str, way| cleaner.clean(&format!("<img src=\"{source}\" alt=\"x\">"), way);
        assert_eq!(kept("inline:my logo", Way::Outbound), "<img src=\"inline:my logo\" alt=\"x\">");
        assert_eq!(kept("https://a.example/x.png", Way::Outbound), "<img src=\"https://a.example/x.png\" alt=\"x\">");
        assert_eq!(kept("cid:logo@a", Way::Outbound), "<img alt=\"x\">");
        assert_eq!(kept("cid:logo@a", Way::Inbound), "<img src=\"cid:logo@a\" alt=\"x\">");
        assert_eq!(kept("inline:logo", Way::Inbound), "<img alt=\"x\">");
        let remote = kept("https://a.example/x.png?id=1", Way::Inbound);
        assert_eq!(remote, "<img data-remote-src=\"https://a.example/x.png?id=1\" alt=\"x\">");
        assert_eq!((remote_images(&remote), remote_images("<img src='cid:x'>")), (1, 0));
        for way in WAYS {
            assert_eq!(kept("data:image/png;base64,AAAA", way), "<img alt=\"x\">");
            assert_eq!(kept("//a.example/x.png", way), "<img alt=\"x\">");
        }
        assert_eq!(cleaner.clean("<img data-remote-src='javascript:x'>", Way::Inbound), "<img>");
        assert_eq!(cleaner.clean("<img srcset='https://a.example/x.png 2x'>", Way::Inbound), "<img>");
    }

    /// HTML whose tree would be huge, or deep, or slow to make.
    fn nasty(size: usize) -> Vec<(&'static str, String)> {
        let many = |piece: &str| piece.repeat(size / piece.len());
        let formatting: String = (0..size / 16).map(|n| format!("<b a={n}>")).collect();
        let in_cells: String = (0..size / 48).map(|n| format!("<b a={n}><table><td></b>")).collect();
        let after_cells: String =
            (0..size / 64).map(|n| format!("<p><b a={n}></p><table><td></b></td></table>")).collect();
        let objects: String = (0..size / 64).map(|n| format!("<table><td><b a={n}><object></td></table>")).collect();
        let attributes: String = (0..size / 7).map(|n| format!(" a{n}")).collect();
        vec![
            ("div", many("<div>")),
            ("b", many("<b>")),
            ("formatting", formatting + &many("<p>")),
            ("cells", in_cells + &many("<p>x</p>")),
            ("after cells", after_cells + &many("<p>x</p>")),
            ("objects", objects + &many("<p>x</p>")),
            ("attributes", format!("<p{attributes}>")),
            ("table", many("<table><td>")),
            ("table in a", many("<a><table>")),
            ("svg", many("<svg><g>")),
            ("select", many("<select><option>")),
            ("template", many("<template>")),
            ("object", many("<object><p>")),
            ("close", many("</div>")),
            ("closes", many("<div></p>")),
            ("list", many("<li>x")),
            ("lt", many("<")),
            ("comment", many("<!--")),
            ("quote", many("<a b=\"")),
            ("script", many("<script>")),
            ("references", many("&#9999999999;&amp")),
            ("misnested", many("<a><div></a></div>")),
            ("adoption", many("<a><p><b></a>")),
            ("ruby", many("<ruby><rt>")),
            ("frames", many("<frameset><frame>")),
            ("style", format!("<p style=\"{}\">", many("color:red;("))),
            ("font", many("<font color=red><p>")),
        ]
    }

    #[test]
    fn r25_a_pre_keeps_the_lines_that_it_begins_with() {
        let cleaner = Ammonia::new();
        for html in ["<pre>x</pre>", "<pre>\n\nx</pre>", "<p>a</p><pre>\n\n\n\n\n\n\nx</pre><pre>\n\n</pre>"] {
            for way in WAYS {
                assert_eq!(cleaner.clean(html, way), html);
            }
        }
        assert_eq!(cleaner.clean("<pre>\nx</pre>", Way::Inbound), "<pre>x</pre>", "the first line break is none");
        let deep = format!("{}\u{e}\n\nx", "<div>".repeat(100_000));
        assert_eq!(cleaner.clean(&deep, Way::Inbound), "<pre>x</pre>");
    }

    #[test]
    fn r25_a_mail_made_to_stall_is_cleaned_in_time_and_its_text_is_kept() {
        let cleaner = Ammonia::new();
        let cleaned_in = |html: &str, way| {
            let begin = Instant::now();
            (cleaner.clean(html, way), begin.elapsed())
        };
        // On a machine that is busy everything takes longer.
        let (_, honest) = cleaned_in(&"x &amp; y &lt; z".repeat(200_000 / 15), Way::Inbound);
        let in_time = Duration::from_secs(10).max(honest * 20);
        for (name, html) in nasty(200_000) {
            for way in WAYS {
                let (cleaned, time) = cleaned_in(&format!("{html}</p>"), way);
                assert!(time < in_time, "{name}: {time:?}");
                assert!(cleaned.len() < 40 * html.len(), "{name}: {} bytes", cleaned.len());
            }
        }
        let deep = format!("{}the text{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(cleaner.clean(&deep, Way::Inbound), "<pre>the text</pre>");
        let signs = format!("{}a &lt;script&gt; &amp;amp; b", "<div>".repeat(100_000));
        assert_eq!(cleaner.clean(&signs, Way::Outbound), "<pre>a &lt;script&gt; &amp;amp; b</pre>");
        let sane = format!("{}the text{}", "<div>".repeat(500), "</div>".repeat(500));
        assert_eq!(cleaner.clean(&sane, Way::Inbound), sane);
        let list: String = (0..5000).map(|n| format!("<li>{n}")).collect();
        assert!(cleaner.clean(&format!("<ul>{list}</ul>"), Way::Inbound).starts_with("<ul><li>0</li><li>1</li>"));
    }

    #[test]
    #[ignore = "prints how long each takes"]
    fn measure() {
        let cleaner = Ammonia::new();
        for size in [50_000, 100_000, 200_000] {
            for (name, html) in nasty(size) {
                let begin = Instant::now();
                let cleaned = cleaner.clean(&html, Way::Inbound);
                let took = begin.elapsed();
                let begin = Instant::now();
                let text = to_text(&html);
                println!(
                    "{size:7} {name:12} {took:?} to {} bytes; text {:?} {}",
                    cleaned.len(),
                    begin.elapsed(),
                    text.len()
                );
            }
        }
        let mail = "<p style=\"color: red\">Hello <b>Rita</b>, <a href=\"https://a.example\">see</a></p>".repeat(250);
        let begin = Instant::now();
        for _ in 0..100 {
            cleaner.clean(&mail, Way::Inbound);
        }
        println!("{} bytes: {:?}", mail.len(), begin.elapsed() / 100);
    }

    /// Fragments of which attacks are made.
    fn fragments() -> impl Strategy<Value = String> {
        let pieces = [
            "<",
            ">",
            "</",
            "/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "\"",
            "'",
            "=",
            " ",
            "\n",
            "\t",
            "\0",
            "&",
            "&lt;",
            "&#60;",
            "&colon;",
            "script",
            "<script>",
            "</script>",
            "<svg>",
            "<math>",
            "<mtext>",
            "<style>",
            "</style>",
            "<title>",
            "<noscript>",
            "</noscript>",
            "<textarea>",
            "<table>",
            "<td>",
            "<tr>",
            "<caption>",
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<a href=",
            "</a>",
            "<div>",
            "</div>",
            "<form>",
            "<select>",
            "<option>",
            "<img src=",
            "<img ",
            "onerror=alert(1)",
            " onclick=\"x\"",
            "javascript:",
            "data:text/html,",
            "java\tscript:",
            "vbscript:",
            "cid:x",
            "inline:x",
            "https://a.example/",
            "style=\"",
            "color: red",
            "background: url(x)",
            "expression(",
            "\\75 rl(",
            "/*",
            "*/",
            "<iframe src=",
            "<object>",
            "<template>",
            "<br>",
            "<pre>\n",
            "<li>",
            "<dd>",
            "<h1>",
            "<nobr>",
            "<font color=red>",
            "<center>",
            "<o:p>",
            "<annotation-xml encoding=text/html>",
            "<foreignObject>",
            "<plaintext>",
            "x",
            "é",
            "😀",
            "data-remote-src=",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn r25_nothing_that_runs_or_loads_survives_and_cleaning_again_changes_nothing(html in fragments()) {
            let cleaner = Ammonia::new();
            for way in WAYS {
                let cleaned = cleaner.clean(&html, way);
                prop_assert_eq!(&cleaner.clean(&cleaned, way), &cleaned);
                for tag in tags_of(&cleaned) {
                    let lower = tag.to_ascii_lowercase();
                    for bad in ["<script", "<svg", "<math", "<style", "<iframe", "<object", "<form", "<select", "<link", "<meta", "<template"] {
                        prop_assert!(!lower.starts_with(bad), "{}", tag);
                    }
                    for name in attribute_names(tag) {
                        prop_assert!(!name.starts_with("on"), "{}", tag);
                        prop_assert!(!["class", "id", "srcset", "action", "background", "formaction"].contains(&name), "{}", tag);
                    }
                    for scheme in ["=\"javascript:", "=\"data:", "=\"vbscript:", "url("] {
                        prop_assert!(!lower.contains(scheme), "{}", tag);
                    }
                    if way == Way::Inbound {
                        prop_assert!(!lower.contains(" src=\"http"), "{}", tag);
                    }
                }
            }
        }

        #[test]
        fn r25_plain_words_say_the_same_after_cleaning(words in "[a-z0-9 .,é&<>]{0,60}") {
            let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            for way in WAYS {
                prop_assert_eq!(to_text(&Ammonia::new().clean(&escaped, way)), to_text(&escaped));
            }
        }

        #[test]
        fn r25_any_text_is_taken(html in "\\PC{0,200}", marks in "[<>/=!\"'&;#a-c \\\\-]{0,80}") {
            for html in [html, marks] {
                let _ = to_text(&html);
                for way in WAYS {
                    let cleaned = Ammonia::new().clean(&html, way);
                    prop_assert_eq!(&Ammonia::new().clean(&cleaned, way), &cleaned);
                }
            }
        }
    }
}
