//! What of a report is asked for, as the address of its page says it.

use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{CASES_PATH, Words};
use crate::web::workplace::board::asked::{GROUPS, query_of, scope_of};

/// How the call names the row of what has none.
const NONE: &str = "NONE";
/// As many cases as an answer holds at most.
const MOST: i32 = 200;

/// The query of the page, its files and the cases behind its figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A word of [`KINDS`]; any other is the first of them.
    kind: String,
    /// As on the board.
    pub(super) scope: String,
    /// A day of the period; empty for today.
    pub(super) date: String,
    /// A word of [`GROUPS`]; any other is the total only.
    by: String,
    /// Of the cases behind a figure: the row in which it stands.
    pub(super) key: String,
    /// The figure.
    pub(super) figure: String,
    /// Where the page begins.
    page: String,
}

/// A report that can be chosen.
pub(super) struct Kind {
    pub(super) word: &'static str,
    /// What the call takes for it.
    pub(super) number: pb::ReportKind,
    /// Whether it is told across organisations.
    pub(super) outside: bool,
    pub(super) label: fn(&Words) -> &'static str,
    /// What it is.
    pub(super) note: fn(&Words) -> &'static str,
}

/// All of them; first what everybody who counts is told.
pub(super) const KINDS: [Kind; 8] = [
    Kind {
        word: "leerplichttelling",
        number: pb::ReportKind::Leerplichttelling,
        outside: true,
        label: |own| own.leerplichttelling,
        note: |own| own.leerplichttelling_note,
    },
    Kind {
        word: "jaarverslag",
        number: pb::ReportKind::Jaarverslag,
        outside: true,
        label: |own| own.jaarverslag,
        note: |own| own.jaarverslag_note,
    },
    Kind {
        word: "thuiszitters",
        number: pb::ReportKind::Thuiszitters,
        outside: false,
        label: |own| own.thuiszitters,
        note: |own| own.thuiszitters_note,
    },
    Kind {
        word: "consultations",
        number: pb::ReportKind::Consultations,
        outside: true,
        label: |own| own.consultations,
        note: |own| own.consultations_note,
    },
    Kind {
        word: "demand",
        number: pb::ReportKind::Demand,
        outside: true,
        label: |own| own.demand,
        note: |own| own.demand_note,
    },
    Kind {
        word: "placements",
        number: pb::ReportKind::Placements,
        outside: true,
        label: |own| own.placements,
        note: |own| own.placements_note,
    },
    Kind {
        word: "opp",
        number: pb::ReportKind::Opp,
        outside: true,
        label: |own| own.opp,
        note: |own| own.opp_note,
    },
    Kind {
        word: "continuity",
        number: pb::ReportKind::Continuity,
        outside: true,
        label: |own| own.continuity,
        note: |own| own.continuity_note,
    },
];

impl Asked {
    pub(super) fn kind(&self) -> &'static Kind {
        KINDS.iter().find(|one| one.word == self.kind).unwrap_or(&KINDS[0])
    }

    pub(super) fn group(&self) -> pb::MonitorGroup {
        let found = GROUPS.iter().find(|one| one.word == self.by);
        found.map_or(pb::MonitorGroup::Unspecified, |one| one.group)
    }

    pub(super) fn report(&self) -> pb::GetReportRequest {
        pb::GetReportRequest {
            kind: self.kind().number.into(),
            date: self.date.clone(),
            scope: scope_of(&self.scope),
            group_by: self.group().into(),
        }
    }

    pub(super) fn file(&self, format: pb::MonitorFormat) -> pb::ExportReportRequest {
        pb::ExportReportRequest {
            kind: self.kind().number.into(),
            date: self.date.clone(),
            scope: scope_of(&self.scope),
            group_by: self.group().into(),
            format: format.into(),
        }
    }

    pub(super) fn cases(&self) -> pb::ListReportCasesRequest {
        pb::ListReportCasesRequest {
            kind: self.kind().number.into(),
            date: self.date.clone(),
            scope: scope_of(&self.scope),
            group_by: self.group().into(),
            key: self.key.clone(),
            figure: self.figure.clone(),
            page_size: MOST,
            page_token: self.page.clone(),
        }
    }

    /// The same report again as `?…`; nothing where nothing was asked.
    pub(super) fn query(&self) -> String {
        query_of(&[
            ("kind", self.kind.as_str()),
            ("scope", self.scope.as_str()),
            ("date", self.date.as_str()),
            ("by", self.by.as_str()),
        ])
    }

    /// Where the cases behind a figure are: of the row with this key, or of the total.
    pub(super) fn behind(&self, figure: &str, key: Option<&str>) -> String {
        let named = key.map_or("", |key| if key.is_empty() { NONE } else { key });
        let by = if key.is_some() { self.by.as_str() } else { "" };
        let query = query_of(&[
            ("kind", self.kind().word),
            ("scope", self.scope.as_str()),
            ("date", self.date.as_str()),
            ("by", by),
            ("key", named),
            ("figure", figure),
        ]);
        format!("{CASES_PATH}{query}")
    }

    /// The address of the next page of these cases; empty on the last one.
    pub(super) fn next(&self, token: &str) -> String {
        if token.is_empty() {
            return String::new();
        }
        let query = query_of(&[
            ("kind", self.kind.as_str()),
            ("scope", self.scope.as_str()),
            ("date", self.date.as_str()),
            ("by", self.by.as_str()),
            ("key", self.key.as_str()),
            ("figure", self.figure.as_str()),
            ("page", token),
        ]);
        format!("{CASES_PATH}{query}")
    }

    /// What the row is called of what has none.
    pub(super) fn nowhere(&self, language: Language) -> &'static str {
        GROUPS.iter().find(|one| one.word == self.by).map_or("", |one| one.nowhere(language))
    }

    /// Whether the row is that of what has none.
    pub(super) fn is_nowhere(&self) -> bool {
        self.key == NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_leads_to_the_cases_of_its_own_row() {
        let asked = Asked { kind: "opp".into(), by: "wijk".into(), ..Asked::default() };
        assert_eq!(asked.query(), "?kind=opp&by=wijk");
        let of_row = asked.behind("OPP", Some("WK990101"));
        assert_eq!(of_row, "/board/reports/cases?kind=opp&by=wijk&key=WK990101&figure=OPP");
        let of_none = asked.behind("OPP", Some(""));
        assert_eq!(of_none, "/board/reports/cases?kind=opp&by=wijk&key=NONE&figure=OPP");
        // The total has no row.
        assert_eq!(asked.behind("OPP", None), "/board/reports/cases?kind=opp&figure=OPP");
        assert_eq!(asked.next(""), "");
    }

    #[test]
    fn what_is_no_report_is_the_first_and_without_rows() {
        let asked = Asked { kind: "nothing of this".into(), ..Asked::default() };
        assert_eq!(asked.kind().number, pb::ReportKind::Leerplichttelling);
        assert_eq!(asked.report().group_by, 0);
    }
}
