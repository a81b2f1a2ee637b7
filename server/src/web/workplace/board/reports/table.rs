//! A report for the page: the total with what each figure means, and a row for each place.

use minijinja::{Value, context};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    Words,
    asked::Asked,
    said::{figure, is_part},
};

/// How figures are told.
pub(super) struct Telling<'a> {
    pub(super) asked: &'a Asked,
    pub(super) language: Language,
    /// Whether a figure leads to its cases.
    pub(super) leads: bool,
    /// Code and name of each gemeente.
    pub(super) gemeenten: &'a [(String, String)],
}

impl Telling<'_> {
    /// A number: its `label` and whether it is a `part` of one above it, `count` or that it is `withheld`, its
    /// `basis`, and where its cases are as `href`.
    fn figure(&self, one: &pb::ReportFigure, key: Option<&str>) -> Value {
        let leads = self.leads && !one.withheld && one.count > 0;
        let href = if leads { self.asked.behind(&one.figure, key) } else { String::new() };
        context! {
            href,
            label => figure(&one.figure, self.language),
            part => is_part(&one.figure),
            count => one.count,
            withheld => one.withheld,
            basis => one.basis.as_str(),
        }
    }

    /// Every figure of the total.
    pub(super) fn total(&self, total: &pb::ReportRow) -> Vec<Value> {
        total.figures.iter().map(|one| self.figure(one, None)).collect()
    }

    /// What the columns of the file mean: `code` and `label` of each figure.
    pub(super) fn columns(&self, total: &pb::ReportRow) -> Vec<Value> {
        let one = |one: &pb::ReportFigure| {
            context! { code => one.figure.to_lowercase(), label => figure(&one.figure, self.language) }
        };
        total.figures.iter().map(one).collect()
    }

    /// A row for each place, of the figures that are not nought everywhere; none where all are.
    pub(super) fn rows(&self, report: &pb::GetReportResponse) -> Vec<Value> {
        let all = report.total.iter().flat_map(|total| &total.figures);
        // Of exact figures one that is withheld is so in every row.
        let told = all.filter(|one| one.count > 0 || (one.withheld && !report.exact));
        let told: Vec<&str> = told.map(|one| one.figure.as_str()).collect();
        if told.is_empty() {
            return Vec::new();
        }
        report.rows.iter().map(|row| self.row(row, &told)).collect()
    }

    /// `name`, `within` (of a wijk: where the children live) and `figures`.
    fn row(&self, row: &pb::ReportRow, told: &[&str]) -> Value {
        let names = [row.display_name.as_str(), row.key.as_str(), self.asked.nowhere(self.language)];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let known = self.gemeenten.iter().find(|(code, _)| *code == row.gemeente_code);
        let within = known.map_or(row.gemeente_code.as_str(), |(_, name)| name.as_str());
        let shown = row.figures.iter().filter(|one| told.contains(&one.figure.as_str()));
        let figures: Vec<Value> = shown.map(|one| self.figure(one, Some(row.key.as_str()))).collect();
        context! { name, within, figures }
    }
}

/// What is told beside the figures of meetings and placements: `label` and `number`.
pub(super) fn beside(total: &pb::ReportRow, own: &Words) -> Vec<Value> {
    let told = [
        (own.median, total.median_days),
        (own.smw, total.smw_minutes),
        (own.jgz, total.jgz_minutes),
        (own.kilometres, total.median_kilometres),
        (own.kilometres_of_most, total.ninetieth_kilometres),
    ];
    let one = |(label, number): (&'static str, Option<i32>)| number.map(|number| context! { label, number });
    told.into_iter().filter_map(one).collect()
}

/// How many children of each gemeente must go to school: its `name` and `numbers`, none where it is not filled in.
pub(super) fn obliged(report: &pb::GetReportResponse, gemeenten: &[(String, String)]) -> Vec<Value> {
    let one = |one: &pb::Obliged| {
        let known = gemeenten.iter().find(|(code, _)| *code == one.gemeente_code);
        let name = known.map_or(one.gemeente_code.as_str(), |(_, name)| name.as_str());
        let numbers: Vec<i32> = one.leerplichtig.into_iter().chain(one.kwalificatieplichtig).collect();
        context! { name, numbers }
    };
    report.obliged.iter().map(one).collect()
}

/// What a figure counts beside the cases behind it: `label` and `number`.
pub(super) fn beside_cases(found: &pb::ListReportCasesResponse, own: &Words) -> Vec<Value> {
    let told = [
        (own.without_case, found.without_case),
        (own.of_listed, found.of_listed),
        (own.of_unseen, found.of_unseen),
    ];
    let some = told.into_iter().filter(|(_, number)| *number > 0);
    some.map(|(label, number)| context! { label, number }).collect()
}

/// Whether something of the report is withheld.
pub(super) fn withholds(report: &pb::GetReportResponse) -> bool {
    let mut rows = report.rows.iter().chain(&report.total);
    rows.any(|row| row.figures.iter().any(|one| one.withheld))
}
