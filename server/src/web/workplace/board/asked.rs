//! What of the monitor is asked for, as the address of the page says it.

use pb::monitor_scope::Of;
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{Words, words};
use crate::web::workplace::trouble::in_query;

/// The query of the page, its pictures and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The code of a gemeente, `clusters/{uuid}` or `schools/{uuid}`; empty for all.
    pub(super) scope: String,
    /// Empty for today.
    pub(super) date: String,
    /// First day of the period; empty for the usual one.
    pub(super) from: String,
    /// A word of [`GROUPS`]; any other is the first of them.
    by: String,
    /// A word of [`ENDS`]; any other is the first of them.
    end: String,
}

/// By what the rows can differ.
pub(super) struct By {
    pub(super) word: &'static str,
    pub(super) group: pb::MonitorGroup,
    /// Whether it is told across organisations.
    pub(super) outside: bool,
    pub(super) label: fn(&Words) -> &'static str,
    none: fn(&Words) -> &'static str,
}

impl By {
    /// What the row is called of who has no such place.
    pub(super) fn nowhere(&self, language: Language) -> &'static str {
        (self.none)(words(language))
    }
}

/// All of them.
pub(super) const GROUPS: [By; 5] = [
    By {
        word: "wijk",
        group: pb::MonitorGroup::Wijk,
        outside: true,
        label: |own| own.by_wijk,
        none: |own| own.no_wijk,
    },
    By {
        word: "gemeente",
        group: pb::MonitorGroup::Gemeente,
        outside: true,
        label: |own| own.by_gemeente,
        none: |own| own.no_gemeente,
    },
    By {
        word: "school",
        group: pb::MonitorGroup::School,
        outside: false,
        label: |own| own.by_school,
        none: |own| own.no_school,
    },
    By {
        word: "cluster",
        group: pb::MonitorGroup::Cluster,
        outside: false,
        label: |own| own.by_cluster,
        none: |own| own.no_cluster,
    },
    By {
        word: "none",
        group: pb::MonitorGroup::Unspecified,
        outside: true,
        label: |own| own.by_none,
        none: |own| own.total,
    },
];

/// A word for what is waited for, and what people call it.
pub(super) type End = (&'static str, pb::WaitingEnd, fn(&Words) -> &'static str);

/// All of them.
pub(super) const ENDS: [End; 3] = [
    ("offer", pb::WaitingEnd::Offer, |own| own.end_offer),
    ("first_meeting", pb::WaitingEnd::FirstMeeting, |own| own.end_first_meeting),
    ("solved", pb::WaitingEnd::Solved, |own| own.end_solved),
];

impl Asked {
    fn by(&self) -> &'static By {
        GROUPS.iter().find(|one| one.word == self.by).unwrap_or(&GROUPS[0])
    }

    pub(super) fn group(&self) -> pb::MonitorGroup {
        self.by().group
    }

    /// What the row is called of who has no place of the kind by which the rows differ.
    pub(super) fn nowhere(&self, language: Language) -> &'static str {
        self.by().nowhere(language)
    }

    fn ending(&self) -> &'static End {
        ENDS.iter().find(|(word, ..)| *word == self.end).unwrap_or(&ENDS[0])
    }

    pub(super) fn end(&self) -> pb::WaitingEnd {
        self.ending().1
    }

    pub(super) fn end_in_words(&self, own: &Words) -> &'static str {
        (self.ending().2)(own)
    }

    pub(super) fn scope(&self) -> Option<pb::MonitorScope> {
        scope_of(&self.scope)
    }

    pub(super) fn table(&self) -> pb::GetMonitorRequest {
        pb::GetMonitorRequest {
            scope: self.scope(),
            date: self.date.clone(),
            from_date: self.from.clone(),
            group_by: self.group().into(),
        }
    }

    pub(super) fn survival(&self) -> pb::GetSurvivalRequest {
        pb::GetSurvivalRequest {
            scope: self.scope(),
            end: self.end().into(),
            from_date: self.from.clone(),
            until_date: self.date.clone(),
        }
    }

    /// The first cases behind a figure of the total.
    pub(super) fn cases(&self, measure: &str) -> pb::ListMonitorCasesRequest {
        pb::ListMonitorCasesRequest {
            scope: self.scope(),
            date: self.date.clone(),
            from_date: self.from.clone(),
            measure: measure.to_owned(),
            page_size: 200,
            ..Default::default()
        }
    }

    /// The first terms that passed.
    pub(super) fn breaches(&self) -> pb::ListBreachesRequest {
        pb::ListBreachesRequest { scope: self.scope(), page_size: 200, ..Default::default() }
    }

    pub(super) fn file(&self, format: pb::MonitorFormat, plot: pb::MonitorPlot) -> pb::ExportMonitorRequest {
        pb::ExportMonitorRequest {
            scope: self.scope(),
            date: self.date.clone(),
            from_date: self.from.clone(),
            group_by: self.group().into(),
            format: format.into(),
            plot: plot.into(),
            end: self.end().into(),
        }
    }

    /// The same again as `?…`; nothing where nothing was asked.
    pub(super) fn query(&self) -> String {
        query_of(&[
            ("scope", self.scope.as_str()),
            ("date", self.date.as_str()),
            ("from", self.from.as_str()),
            ("by", self.by.as_str()),
            ("end", self.end.as_str()),
        ])
    }
}

/// The scope that an address says; none for all. A code that is none is the call's to refuse.
pub(super) fn scope_of(said: &str) -> Option<pb::MonitorScope> {
    let of = match said.split_once('/') {
        None if said.is_empty() => return None,
        Some(("clusters", _)) => Of::Cluster(said.to_owned()),
        Some(("schools", _)) => Of::School(said.to_owned()),
        None | Some(_) => Of::GemeenteCode(said.to_owned()),
    };
    Some(pb::MonitorScope { of: Some(of) })
}

/// Fields as `?…`; nothing where all are empty.
pub(super) fn query_of(fields: &[(&str, &str)]) -> String {
    let given = fields.iter().filter(|(_, value)| !value.is_empty());
    let written: Vec<String> = given.map(|(name, value)| format!("{name}={}", in_query(value))).collect();
    if written.is_empty() { String::new() } else { format!("?{}", written.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(scope: &str, by: &str, end: &str) -> Asked {
        Asked { scope: scope.into(), by: by.into(), end: end.into(), ..Asked::default() }
    }

    #[test]
    fn an_address_says_the_scope_by_what_it_looks_like() {
        let of = |scope: &str| asked(scope, "", "").scope().and_then(|scope| scope.of);
        assert_eq!(of(""), None);
        assert_eq!(of("GM9901"), Some(Of::GemeenteCode("GM9901".into())));
        assert_eq!(of("clusters/x"), Some(Of::Cluster("clusters/x".into())));
        assert_eq!(of("schools/x"), Some(Of::School("schools/x".into())));
        assert_eq!(of("else/x"), Some(Of::GemeenteCode("else/x".into())), "which no code is");
    }

    #[test]
    fn what_is_asked_stands_in_the_address_again() {
        assert_eq!(Asked::default().query(), "");
        let query = asked("GM9901", "x&y", "solved").query();
        assert_eq!(query, "?scope=GM9901&by=x%26y&end=solved");
        assert_eq!(asked("", "cluster", "").group(), pb::MonitorGroup::Cluster);
        assert_eq!(asked("", "nothing of this", "").group(), pb::MonitorGroup::Wijk);
        assert_eq!(asked("", "", "solved").end(), pb::WaitingEnd::Solved);
        assert_eq!(Asked::default().end(), pb::WaitingEnd::Offer);
    }
}
