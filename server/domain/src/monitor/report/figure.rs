//! Every figure of every report: its name, by which law or agreement it is counted, and of which it is the sum.

use super::kind::Kind;
use crate::{access::Class, refusal::Language};

macro_rules! figures {
    ($($kinds:ident: {$($(#[$doc:meta])* $name:ident: $basis:literal $(, $english:literal)?;)*})*) => {
        /// A figure of a report: a number of children, meetings or questions.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display, strum::EnumString,
            strum::EnumIter, strum::IntoStaticStr,
        )]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        pub enum Figure {$($($(#[$doc])* $name,)*)*}

        impl Figure {
            /// By which law or agreement it is counted. What has one name in both languages is named so.
            #[must_use]
            pub fn basis(self, language: Language) -> &'static str {
                let named: &[&str] = match self {$($(Self::$name => &[$basis $(, $english)?],)*)*};
                let named = match language {
                    Language::Dutch => named.first(),
                    Language::English => named.last(),
                };
                named.copied().unwrap_or_default()
            }

            /// In which reports it stands.
            #[must_use]
            pub fn kinds(self) -> &'static [Kind] {
                match self {$($(Self::$name => $kinds,)*)*}
            }
        }
    };
}

const LIST: &[Kind] = &[Kind::Thuiszitters];
const TELLING: &[Kind] = &[Kind::Leerplichttelling, Kind::Jaarverslag];
const YEAR: &[Kind] = &[Kind::Jaarverslag];
const MEETINGS: &[Kind] = &[Kind::Consultations];
const DEMAND: &[Kind] = &[Kind::Demand];
const PLACES: &[Kind] = &[Kind::Placements];
const OPP: &[Kind] = &[Kind::Opp];
const GAPS: &[Kind] = &[Kind::Continuity];

figures! {
    LIST: {
        /// At home, absoluut or exempt on some day of the quarter or of the school year before its end, resolved or
        /// not.
        Listed: "Inspectie, thuiszittersregistratie samenwerkingsverband", "Inspectie, registration of thuiszitters by the samenwerkingsverband";
        /// Of these, at home or absoluut on the last day.
        ListedAtHome: "Inspectie, thuiszittersregistratie samenwerkingsverband", "Inspectie, registration of thuiszitters by the samenwerkingsverband";
        /// Of these, solved as the pact counts it.
        ListedSolved: "Thuiszitterspact 2016";
        /// Of these, exempt on the last day: never counted as solved.
        ListedExempt: "LPW art. 5, 5a, 15, 3a, 3b";
        /// Of these, neither: moved, of age, registered wrongly, back without an outcome.
        ListedOtherwise: "Inspectie, thuiszittersregistratie samenwerkingsverband", "Inspectie, registration of thuiszitters by the samenwerkingsverband";
    }
    TELLING: {
        /// Leer- or kwalificatieplichtig and enrolled nowhere without an exemption, on some day of the year.
        Absoluut: "LPW art. 2(1), 19";
        /// Of these, from before the year.
        AbsoluutStart: "LPW art. 2(1), 19";
        /// Of these, since.
        AbsoluutNew: "LPW art. 2(1), 19";
        /// Of these, enrolled since.
        AbsoluutEnrolled: "LPW art. 2(1), 19";
        /// Of these, ended in another way: exempt, moved, of age.
        AbsoluutOtherwise: "LPW art. 2(1), 19";
        /// Of these, still so on the last day.
        AbsoluutStill: "LPW art. 2(1), 19";
        /// Of these, for longer than three months.
        #[strum(serialize = "ABSOLUUT_OVER_3_MONTHS")]
        AbsoluutOver3Months: "Thuiszitterspact 2016";
        /// Of these, no longer than that.
        #[strum(serialize = "ABSOLUUT_UP_TO_3_MONTHS")]
        AbsoluutUpTo3Months: "Thuiszitterspact 2016";
        /// Of whom sixteen hours in four teaching weeks without valid reason were reached in the year.
        #[strum(serialize = "RELATIEF_16U4W")]
        Relatief16u4w: "LPW art. 21a(1)";
        /// On holiday outside the holidays without leave, on some day of the year.
        Luxe: "LPW art. 13a";
        /// Enrolled, below 18 and without valid reason away for more than four weeks, on some day of the year.
        Lrv: "DUO, langdurig relatief verzuim", "DUO, langdurig relatief verzuim (long absence of the enrolled)";
        /// Of these, from before the year.
        LrvStart: "DUO, langdurig relatief verzuim", "DUO, langdurig relatief verzuim (long absence of the enrolled)";
        /// Of these, since.
        LrvNew: "DUO, langdurig relatief verzuim", "DUO, langdurig relatief verzuim (long absence of the enrolled)";
        /// Of these, back at school.
        LrvReturned: "DUO, langdurig relatief verzuim", "DUO, langdurig relatief verzuim (long absence of the enrolled)";
        /// Of these, ended in another way: placed elsewhere, exempt, moved, of age.
        LrvOtherwise: "DUO, langdurig relatief verzuim", "DUO, langdurig relatief verzuim (long absence of the enrolled)";
        /// Of these, still so on the last day.
        LrvStill: "DUO, langdurig relatief verzuim", "DUO, langdurig relatief verzuim (long absence of the enrolled)";
        /// Of these, at home for longer than three months.
        #[strum(serialize = "LRV_OVER_3_MONTHS")]
        LrvOver3Months: "Thuiszitterspact 2016";
        /// Of these, no longer than that.
        #[strum(serialize = "LRV_UP_TO_3_MONTHS")]
        LrvUpTo3Months: "Thuiszitterspact 2016";
        /// Exempt on bodily or psychological grounds on some day of the year; what the field calls 5a.
        #[strum(serialize = "VRIJSTELLING_5_ONDER_A")]
        Vrijstelling5OnderA: "LPW art. 5 onder a";
        /// By objections to the direction of the schools.
        #[strum(serialize = "VRIJSTELLING_5_ONDER_B")]
        Vrijstelling5OnderB: "LPW art. 5 onder b";
        /// By a school abroad.
        #[strum(serialize = "VRIJSTELLING_5_ONDER_C")]
        Vrijstelling5OnderC: "LPW art. 5 onder c";
        /// By a travelling life.
        #[strum(serialize = "VRIJSTELLING_5A_TREKKEND")]
        Vrijstelling5aTrekkend: "LPW art. 5a";
        /// By sufficient education otherwise.
        #[strum(serialize = "VRIJSTELLING_15_ANDER_ONDERWIJS")]
        Vrijstelling15AnderOnderwijs: "LPW art. 15";
        /// In a substitute programme from 14.
        #[strum(serialize = "VERVANGEND_3A")]
        Vervangend3a: "LPW art. 3a";
        /// In a substitute programme in the last year.
        #[strum(serialize = "VERVANGEND_3B")]
        Vervangend3b: "LPW art. 3b";
        /// Of whom, or of whose parents, a proces-verbaal was drawn up in the year.
        ProcesVerbaal: "LPW art. 22";
        /// Sent to Halt in the year.
        HaltReferred: "Methodische Aanpak Schoolverzuim, Halt";
    }
    YEAR: {
        /// Worked on, on some day of the year.
        Cases: "LPW art. 25";
        /// Of these, from before the year.
        CasesStart: "LPW art. 25";
        /// Of these, opened or reopened since.
        CasesNew: "LPW art. 25";
        /// Of these, open on the last day.
        CasesOpen: "LPW art. 25";
        /// Of these, closed and solved as the pact counts it.
        CasesSolved: "Thuiszitterspact 2016";
        /// Of these, closed with an exemption or substitute programme that held then by the facts.
        CasesExempt: "LPW art. 5, 5a, 15, 3a, 3b";
        /// Of these, closed in another way.
        CasesOtherwise: "LPW art. 25";
        /// Closed and solved as the pact counts it in the year, taken up again or not.
        Solved: "Thuiszitterspact 2016; regionale nazorg na 2, 6 en 12 weken", "Thuiszitterspact 2016; regional aftercare at 2, 6 and 12 weeks";
        /// Of these, followed through aftercare without a relapse: what the samenwerkingsverband calls opgelost.
        SolvedLasting: "Thuiszitterspact 2016; regionale nazorg na 2, 6 en 12 weken", "Thuiszitterspact 2016; regional aftercare at 2, 6 and 12 weeks";
        /// Of these, taken up again before that.
        SolvedRelapsed: "Thuiszitterspact 2016; regionale nazorg na 2, 6 en 12 weken", "Thuiszitterspact 2016; regional aftercare at 2, 6 and 12 weeks";
        /// Of these, twelve weeks on without all talks: nobody can tell.
        SolvedUnfollowed: "Thuiszitterspact 2016; regionale nazorg na 2, 6 en 12 weken", "Thuiszitterspact 2016; regional aftercare at 2, 6 and 12 weeks";
        /// Of these, not yet twelve weeks on by the last day.
        SolvedPending: "Thuiszitterspact 2016; regionale nazorg na 2, 6 en 12 weken", "Thuiszitterspact 2016; regional aftercare at 2, 6 and 12 weeks";
        /// Of those solved, taken up again by the last day, however late; the others are still closed.
        SolvedReopened: "Thuiszitterspact 2016; regionale nazorg na 2, 6 en 12 weken", "Thuiszitterspact 2016; regional aftercare at 2, 6 and 12 weeks";
        /// With a decision of the leerplichtambtenaar on leave in the year.
        LeaveDecided: "LPW art. 14(3)";
        /// Taken to whoever holds doorzettingsmacht in the year.
        Doorzettingsmacht: "Regionale afspraak over opschalen, niveau 3", "Regional agreement on escalation, level 3";
    }
    MEETINGS: {
        /// Meetings about a child that were held in the quarter.
        Held: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, with a parent at the table.
        HeldWithParents: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, without.
        HeldWithoutParents: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, with the child heard at the table.
        ChildHeardDirectly: "Kamerstuk 36443, hoorrecht", "Kamerstuk 36443, right to be heard";
        /// Of these, with the child heard through others.
        ChildHeardThroughOthers: "Kamerstuk 36443, hoorrecht", "Kamerstuk 36443, right to be heard";
        /// Of these, with the child not heard.
        ChildNotHeard: "Kamerstuk 36443, hoorrecht", "Kamerstuk 36443, right to be heard";
        /// Of these, of a kind in which that is not written down.
        ChildHeardUnrecorded: "Kamerstuk 36443, hoorrecht", "Kamerstuk 36443, right to be heard";
        /// Of these, at which help of the youth team was wanted.
        JgtWanted: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, at which it was not.
        JgtUnwanted: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, not yet.
        JgtNotYet: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, at which it was not talked about, or of a kind in which that is not written down.
        JgtUndiscussed: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, to which somebody who had to come did not.
        NoShow: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, to which all of them came.
        AllCame: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, which a school asked for.
        HeldOnRequest: "Monitor, overleggen", "Monitor, meetings";
        /// Of these, which nobody asked for.
        HeldUnasked: "Monitor, overleggen", "Monitor, meetings";
        /// Of what was asked for, held within 7 calendar days of the question.
        #[strum(serialize = "WITHIN_7_DAYS")]
        Within7Days: "Regionale norm, van vraag tot overleg", "Regional norm, request to meeting";
        /// In 8 to 14 days.
        #[strum(serialize = "FROM_8_TO_14_DAYS")]
        From8To14Days: "Regionale norm, van vraag tot overleg", "Regional norm, request to meeting";
        /// In 15 to 28 days.
        #[strum(serialize = "FROM_15_TO_28_DAYS")]
        From15To28Days: "Regionale norm, van vraag tot overleg", "Regional norm, request to meeting";
        /// Later.
        #[strum(serialize = "OVER_28_DAYS")]
        Over28Days: "Regionale norm, van vraag tot overleg", "Regional norm, request to meeting";
        /// Meetings of the quarter that were called off.
        Cancelled: "Monitor, overleggen", "Monitor, meetings";
    }
    DEMAND: {
        /// Questions that schools put to a wijkteam or the JGZ in the year.
        Asked: "Jeugdwet art. 2.2";
        /// Of these, for a schoolmaatschappelijk werker.
        AskedSmw: "Jeugdwet art. 2.2";
        /// For a gezinswerker.
        AskedGezinswerker: "Jeugdwet art. 2.2";
        /// For the jeugdarts or jeugdverpleegkundige.
        AskedJgz: "Jeugdwet art. 2.2";
        /// For who may grant help.
        AskedIndicatiesteller: "Jeugdwet art. 2.2";
        /// About a child below 8.
        #[strum(serialize = "AGE_UNDER_8")]
        AgeUnder8: "Jeugdwet art. 2.2";
        /// From 8 to 11.
        #[strum(serialize = "AGE_FROM_8_TO_11")]
        AgeFrom8To11: "Jeugdwet art. 2.2";
        /// From 12 to 15.
        #[strum(serialize = "AGE_FROM_12_TO_15")]
        AgeFrom12To15: "Jeugdwet art. 2.2";
        /// From 16.
        #[strum(serialize = "AGE_FROM_16")]
        AgeFrom16: "Jeugdwet art. 2.2";
        /// About no child that is named, or one without a birth date.
        AgeUnknown: "Jeugdwet art. 2.2";
        /// Taken by somebody, whether met yet or not.
        Taken: "Jeugdwet art. 2.2";
        /// Declined.
        Declined: "Jeugdwet art. 2.2";
        /// Without an answer yet.
        Unanswered: "Jeugdwet art. 2.2";
        /// About youth and upbringing: behaviour at home and at school.
        CategoryGedrag: "Regionale lijst van vragen", "Regional list of questions";
        /// About learning and development.
        CategoryLeren: "Regionale lijst van vragen", "Regional list of questions";
        /// About feelings and relations.
        CategoryEmotie: "Regionale lijst van vragen", "Regional list of questions";
        /// About the family and upbringing.
        CategoryGezin: "Regionale lijst van vragen", "Regional list of questions";
        /// About health.
        CategoryGezondheid: "Regionale lijst van vragen", "Regional list of questions";
        /// About absence.
        CategoryVerzuim: "Regionale lijst van vragen", "Regional list of questions";
        /// About safety.
        CategoryVeiligheid: "Regionale lijst van vragen", "Regional list of questions";
        /// About something else, or nobody said about what.
        CategoryAnders: "Regionale lijst van vragen", "Regional list of questions";
    }
    PLACES: {
        /// Children that went to another school in the year, or were placed at one.
        Placed: "Motto 'geen kind de wijk uit'", "Motto 'geen kind de wijk uit' (no child leaves its wijk)";
        /// Of these, within the wijk of the school that they left.
        PlacedInsideWijk: "Motto 'geen kind de wijk uit'", "Motto 'geen kind de wijk uit' (no child leaves its wijk)";
        /// Of these, outside it.
        PlacedOutsideWijk: "Motto 'geen kind de wijk uit'", "Motto 'geen kind de wijk uit' (no child leaves its wijk)";
        /// Of these outside it, at a school that is known to be so far from the middle of the wijk.
        PlacedOutsideMeasured: "Motto 'geen kind de wijk uit'", "Motto 'geen kind de wijk uit' (no child leaves its wijk)";
        /// Of these outside it, of which the region does not say where both are.
        PlacedOutsideUnmeasured: "Motto 'geen kind de wijk uit'", "Motto 'geen kind de wijk uit' (no child leaves its wijk)";
        /// Of those placed, from or to a school that is not known.
        PlacedUnknown: "Motto 'geen kind de wijk uit'", "Motto 'geen kind de wijk uit' (no child leaves its wijk)";
        /// Of those placed, by their outcome in special primary education.
        PlacedSbo: "WPO art. 18a(8); monitor dekkend aanbod", "WPO art. 18a(8); monitor of full coverage";
        /// In special education.
        PlacedSo: "WPO art. 18a(8); monitor dekkend aanbod", "WPO art. 18a(8); monitor of full coverage";
        /// In special secondary education.
        PlacedVso: "WPO art. 18a(8); monitor dekkend aanbod", "WPO art. 18a(8); monitor of full coverage";
        /// At a place of another kind, or of one that no outcome says.
        PlacedOtherwise: "WPO art. 18a(8); monitor dekkend aanbod", "WPO art. 18a(8); monitor of full coverage";
        /// For whom a toelaatbaarheidsverklaring was decided on in the year.
        TlvDecided: "WPO art. 18a(11)";
    }
    OPP: {
        /// With an ontwikkelingsperspectief on some day of the year.
        Opp: "WPO art. 40a, WEC art. 41a";
        /// Of these, made in the year.
        OppNew: "WPO art. 40a, WEC art. 41a";
        /// Of these, from before it.
        OppBefore: "WPO art. 40a, WEC art. 41a";
        /// Of these, evaluated with the parents in the year.
        OppEvaluated: "WPO art. 40a, WEC art. 41a";
        /// Of these, not.
        OppUnevaluated: "WPO art. 40a, WEC art. 41a";
        /// Of these, with their start registered in ROD.
        OppRegistered: "ROD, plicht sinds 1 augustus 2015", "ROD, duty since 1 August 2015";
        /// Of these, without: ROD does not say what the school does.
        OppUnregistered: "ROD, plicht sinds 1 augustus 2015", "ROD, duty since 1 August 2015";
        /// Ended in the year.
        OppEnded: "WPO art. 40a, WEC art. 41a";
        /// Of these, with their end registered in ROD.
        OppEndRegistered: "ROD, plicht sinds 1 augustus 2015", "ROD, duty since 1 August 2015";
        /// Of these, without.
        OppEndUnregistered: "ROD, plicht sinds 1 augustus 2015", "ROD, duty since 1 August 2015";
    }
    GAPS: {
        /// Leer- or kwalificatieplichtig children enrolled nowhere for a week or longer in the year, at
        /// least five teaching days of it; the longest counts.
        Gap: "WPO art. 8(1), ononderbroken ontwikkeling", "WPO art. 8(1), continuous development";
        /// Of these, less than four weeks.
        #[strum(serialize = "GAP_UNDER_4_WEEKS")]
        GapUnder4Weeks: "WPO art. 8(1), ononderbroken ontwikkeling", "WPO art. 8(1), continuous development";
        /// Four to thirteen weeks.
        #[strum(serialize = "GAP_FROM_4_TO_13_WEEKS")]
        GapFrom4To13Weeks: "WPO art. 8(1), ononderbroken ontwikkeling", "WPO art. 8(1), continuous development";
        /// Thirteen weeks and longer.
        #[strum(serialize = "GAP_FROM_13_WEEKS")]
        GapFrom13Weeks: "WPO art. 8(1), ononderbroken ontwikkeling", "WPO art. 8(1), continuous development";
    }
}

impl Figure {
    /// The class of what it tells of a child: who does not see that, is told no exact number, and no case.
    #[must_use]
    pub fn class(self) -> Class {
        let age =
            [Self::AgeUnder8, Self::AgeFrom8To11, Self::AgeFrom12To15, Self::AgeFrom16, Self::AgeUnknown];
        if matches!(self, Self::ProcesVerbaal | Self::HaltReferred) {
            Class::K7
        } else if age.contains(&self) {
            Class::K2
        } else if self.is_of_content() {
            Class::K4
        } else {
            Class::K3
        }
    }

    /// Whether it tells what was asked for a child and what came of that, what was decided or written down about
    /// its education, or how it was heard.
    fn is_of_content(self) -> bool {
        matches!(
            self,
            Self::TlvDecided
                | Self::ChildHeardDirectly
                | Self::ChildHeardThroughOthers
                | Self::ChildNotHeard
                | Self::ChildHeardUnrecorded
                | Self::JgtWanted
                | Self::JgtUnwanted
                | Self::JgtNotYet
                | Self::JgtUndiscussed
                | Self::Asked
                | Self::Taken
                | Self::Declined
                | Self::Unanswered
                | Self::AskedSmw
                | Self::AskedGezinswerker
                | Self::AskedJgz
                | Self::AskedIndicatiesteller
                | Self::CategoryGedrag
                | Self::CategoryLeren
                | Self::CategoryEmotie
                | Self::CategoryGezin
                | Self::CategoryGezondheid
                | Self::CategoryVerzuim
                | Self::CategoryVeiligheid
                | Self::CategoryAnders
                | Self::Opp
                | Self::OppNew
                | Self::OppBefore
                | Self::OppEvaluated
                | Self::OppUnevaluated
                | Self::OppRegistered
                | Self::OppUnregistered
                | Self::OppEnded
                | Self::OppEndRegistered
                | Self::OppEndUnregistered
        )
    }

    /// Whether what it counts is always a part of what another counts, because that is a sum of which it is a term.
    #[must_use]
    pub fn is_part_of(self, whole: Self) -> bool {
        let mut sums = Self::sums().into_iter().filter(|(_, parts)| parts.contains(&self));
        sums.any(|(sum, _)| sum == whole || sum.is_part_of(whole))
    }

    /// Which figures are the sum of which: of one report each.
    #[must_use]
    pub fn sums() -> Vec<(Self, Vec<Self>)> {
        use Figure as F;
        vec![
            (F::Listed, vec![F::ListedAtHome, F::ListedSolved, F::ListedExempt, F::ListedOtherwise]),
            (F::Absoluut, vec![F::AbsoluutStart, F::AbsoluutNew]),
            (F::Absoluut, vec![F::AbsoluutEnrolled, F::AbsoluutOtherwise, F::AbsoluutStill]),
            (F::Absoluut, vec![F::AbsoluutOver3Months, F::AbsoluutUpTo3Months]),
            (F::Lrv, vec![F::LrvStart, F::LrvNew]),
            (F::Lrv, vec![F::LrvReturned, F::LrvOtherwise, F::LrvStill]),
            (F::Lrv, vec![F::LrvOver3Months, F::LrvUpTo3Months]),
            (F::Cases, vec![F::CasesStart, F::CasesNew]),
            (F::Cases, vec![F::CasesOpen, F::CasesSolved, F::CasesExempt, F::CasesOtherwise]),
            (F::Solved, vec![F::SolvedLasting, F::SolvedRelapsed, F::SolvedUnfollowed, F::SolvedPending]),
            (F::Solved, vec![F::CasesSolved, F::SolvedReopened]),
            (F::Held, vec![F::HeldWithParents, F::HeldWithoutParents]),
            (
                F::Held,
                vec![
                    F::ChildHeardDirectly,
                    F::ChildHeardThroughOthers,
                    F::ChildNotHeard,
                    F::ChildHeardUnrecorded,
                ],
            ),
            (F::Held, vec![F::JgtWanted, F::JgtUnwanted, F::JgtNotYet, F::JgtUndiscussed]),
            (F::Held, vec![F::NoShow, F::AllCame]),
            (F::Held, vec![F::HeldOnRequest, F::HeldUnasked]),
            (F::HeldOnRequest, vec![F::Within7Days, F::From8To14Days, F::From15To28Days, F::Over28Days]),
            (F::Asked, vec![F::AskedSmw, F::AskedGezinswerker, F::AskedJgz, F::AskedIndicatiesteller]),
            (F::Asked, vec![F::AgeUnder8, F::AgeFrom8To11, F::AgeFrom12To15, F::AgeFrom16, F::AgeUnknown]),
            (F::Asked, vec![F::Taken, F::Declined, F::Unanswered]),
            (
                F::Asked,
                vec![
                    F::CategoryGedrag,
                    F::CategoryLeren,
                    F::CategoryEmotie,
                    F::CategoryGezin,
                    F::CategoryGezondheid,
                    F::CategoryVerzuim,
                    F::CategoryVeiligheid,
                    F::CategoryAnders,
                ],
            ),
            (F::Placed, vec![F::PlacedInsideWijk, F::PlacedOutsideWijk, F::PlacedUnknown]),
            (F::PlacedOutsideWijk, vec![F::PlacedOutsideMeasured, F::PlacedOutsideUnmeasured]),
            (F::Placed, vec![F::PlacedSbo, F::PlacedSo, F::PlacedVso, F::PlacedOtherwise]),
            (F::Opp, vec![F::OppNew, F::OppBefore]),
            (F::Opp, vec![F::OppEvaluated, F::OppUnevaluated]),
            (F::Opp, vec![F::OppRegistered, F::OppUnregistered]),
            (F::OppEnded, vec![F::OppEndRegistered, F::OppEndUnregistered]),
            (F::Gap, vec![F::GapUnder4Weeks, F::GapFrom4To13Weeks, F::GapFrom13Weeks]),
        ]
    }
}
