"""One example of each figure: trials of BCG vaccine against tuberculosis (Colditz et al. 1994), in two languages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from guidewright.figures.algorithm import Algorithm, Box, Way
from guidewright.figures.baujat import Baujat
from guidewright.figures.bubble import Bubble
from guidewright.figures.doi import Doi
from guidewright.figures.drapery import Drape, Drapery
from guidewright.figures.effect import Effect
from guidewright.figures.figure import Figure
from guidewright.figures.flow import Arrow, Flow, Line, Node
from guidewright.figures.forest import Forest
from guidewright.figures.funnel import Contour, Funnel, Precision
from guidewright.figures.gosh import Gosh
from guidewright.figures.influence import Influence, Panel
from guidewright.figures.labbe import Labbe
from guidewright.figures.points import Curve, Stroke, Study
from guidewright.figures.profile import Profile
from guidewright.figures.radial import Radial
from guidewright.figures.rows import Column, Domain, Judgement, Kind, Reference, Row, Tone
from guidewright.figures.sequential import Sequential
from guidewright.figures.specification import Specification, SpecificationCurve
from guidewright.figures.successive import Step, successive
from guidewright.figures.traffic import Light, RiskBars, Share, TrafficLight
from guidewright.figures.votes import Bar, Part, Votes

#: Author, year, cases and all vaccinated, cases and all controls, latitude, allocation.
TRIALS = (
    ("Aronson", 1948, 4, 123, 11, 139, 44, "random"),
    ("Ferguson & Simes", 1949, 6, 306, 29, 303, 55, "random"),
    ("Rosenthal et al", 1960, 3, 231, 11, 220, 42, "random"),
    ("Hart & Sutherland", 1977, 62, 13598, 248, 12867, 52, "random"),
    ("Frimodt-Moller et al", 1973, 33, 5069, 47, 5808, 13, "alternate"),
    ("Stein & Aronson", 1953, 180, 1541, 372, 1451, 44, "alternate"),
    ("Vandiviere et al", 1973, 8, 2545, 10, 629, 19, "random"),
    ("TPT Madras", 1980, 505, 88391, 499, 88391, 13, "random"),
    ("Coetzee & Berjak", 1968, 29, 7499, 45, 7277, 27, "random"),
    ("Rosenthal et al", 1961, 17, 1716, 65, 1665, 42, "systematic"),
    ("Comstock et al", 1974, 186, 50634, 141, 27338, 18, "systematic"),
    ("Comstock & Webster", 1969, 5, 2498, 3, 2341, 33, "systematic"),
    ("Comstock et al", 1976, 27, 16913, 29, 17854, 33, "systematic"),
)
LABELS = [f"{author} {year}" for author, year, *_ in TRIALS]
LOGS = [math.log((a / m) / (c / n)) for _, _, a, m, c, n, *_ in TRIALS]
SES = [math.sqrt(1 / a - 1 / m + 1 / c - 1 / n) for _, _, a, m, c, n, *_ in TRIALS]
TAU2 = 0.3132433  # REML
WEIGHTS = [1 / (se**2 + TAU2) for se in SES]
POOLED = sum(w * y for w, y in zip(WEIGHTS, LOGS, strict=True)) / sum(WEIGHTS)
POOLED_SE = sum(WEIGHTS) ** -0.5

Words = Callable[[str, str], str]


def words(language: str) -> Words:
    return lambda zh, en: zh if language == "zh" else en


def common(name: str, say: Words) -> dict[str, Any]:
    return {
        "identifier": name,
        "title": say("卡介苗与结核", "BCG vaccine & tuberculosis"),
        "description": say("十三项试验，风险比<1。", "Thirteen trials, risk ratio < 1."),
        "nothing": say("没有可以绘制的研究。", "There are no studies to draw."),
    }


def effect(say: Words) -> Effect:
    return Effect(
        say("风险比（对数刻度）", "Risk ratio (log scale)"),
        1.0,
        True,
        say("卡介苗更好", "favours BCG"),
        say("不接种更好", "favours no BCG"),
    )


def limits(estimate: float, se: float) -> tuple[float, float, float]:
    return math.exp(estimate), math.exp(estimate - 1.96 * se), math.exp(estimate + 1.96 * se)


def said(numbers: tuple[float, float, float]) -> str:
    return "{:.2f} ({:.2f} to {:.2f})".format(*numbers)


def forest(say: Words) -> Forest:
    rows: list[Row] = []
    for group, name in (
        ("random", say("随机", "Random")),
        ("alternate", say("交替", "Alternate")),
        ("systematic", say("系统", "Systematic")),
    ):
        rows.append(Row(Kind.HEADING, name))
        for n, (_, _, a, m, c, k, _, allocation) in enumerate(TRIALS):
            if allocation == group:
                numbers = limits(LOGS[n], SES[n])
                cells = (f"{a}/{m}", f"{c}/{k}", said(numbers), f"{WEIGHTS[n] / sum(WEIGHTS):.1%}")
                rows.append(
                    Row(
                        Kind.STUDY,
                        LABELS[n],
                        cells,
                        *numbers,
                        WEIGHTS[n],
                        indent=1,
                        risks=("+" if group == "random" else "−", "?"),
                    )
                )
        rows.append(
            Row(
                Kind.SUMMARY,
                say("小计", "Subtotal"),
                ("", "", said(limits(POOLED, 0.3)), ""),
                *limits(POOLED, 0.3),
                indent=1,
            )
        )
        rows.append(
            Row(
                Kind.NOTE,
                say("异质性：Q=110.21，df=6，I²=95%", "Heterogeneity: Q = 110.21, df = 6, I² = 95%"),
                indent=1,
            )
        )
    summary = limits(POOLED, POOLED_SE)
    rows.append(
        Row(
            Kind.SUMMARY,
            say("共同效应", "Common effect"),
            ("", "", said(limits(-0.43, 0.04)), ""),
            *limits(-0.43, 0.04),
            hollow=True,
        )
    )
    rows.append(Row(Kind.SUMMARY, say("随机效应", "Random effects"), ("", "", said(summary), "100%"), *summary))
    prediction = limits(POOLED, math.sqrt(TAU2 + POOLED_SE**2))
    rows.append(
        Row(
            Kind.PREDICTION,
            say("95%预测区间", "95% prediction interval"),
            ("", "", "0.15 to 1.55", ""),
            None,
            *prediction[1:],
        )
    )
    return Forest(
        **common("forest", say),
        rows=rows,
        effect=effect(say),
        label_heading=say("研究", "Study"),
        columns=(
            Column(say("事件/总数", "Events/total"), say("卡介苗", "BCG"), before=True),
            Column(say("事件/总数", "Events/total"), say("对照", "Control"), before=True),
            Column("RR (95% CI)", main=True),
            Column(say("权重", "Weight")),
        ),
        domains=(Domain("A", say("随机序列", "Random sequence")), Domain("B", say("盲法", "Blinding"))),
        judgements=(
            Judgement("+", Tone.GOOD, say("低风险", "Low risk")),
            Judgement("?", Tone.OPEN, say("不清楚", "Unclear")),
            Judgement("−", Tone.BAD, say("高风险", "High risk")),
        ),
        mid=(0.9, 1.11),
        mid_words=say("小于最小重要差值", "smaller than the minimal important difference"),
        references=(Reference(0.63, say("既往综述", "earlier review")),),
        notes=(say("亚组间检验：p=0.39", "Test between groups: p = 0.39"), "τ² = 0.313"),
    )


def funnel(say: Words, name: str, precision: Precision, *, contours: bool) -> Funnel:
    upright = {
        Precision.SE: SES,
        Precision.INVERSE_SE: [1 / se for se in SES],
        Precision.SIZE: [float(m + n) for _, _, _, m, _, n, *_ in TRIALS],
    }[precision]
    studies = [Study(label, math.exp(y), v) for label, y, v in zip(LABELS, LOGS, upright, strict=True)]
    imputed = [Study(say("填补", "Imputed"), math.exp(2 * POOLED - LOGS[3]), upright[3], hollow=True, named=False)]
    zones = [Contour(0.9, "0.05 < p < 0.10"), Contour(0.95, "0.01 < p < 0.05"), Contour(0.99, "p < 0.01")]
    return Funnel(
        **common(name, say),
        studies=[*studies, *imputed],
        effect=effect(say),
        precision=precision,
        precision_title=say("精度", "Precision"),
        label_heading=say("研究", "Study"),
        estimate=None if contours else math.exp(POOLED),
        estimate_words=say("合并估计", "pooled estimate"),
        cone_words=say("假95%置信界", "pseudo 95% limits"),
        contours=zones if contours else (),
        observed_words=say("研究", "study"),
        imputed_words=say("填补的研究", "imputed study"),
        status_heading=say("来源", "Status"),
    )


def specification(say: Words) -> SpecificationCurve:
    models = [(m, i, x) for m in ("RR", "OR") for i in ("Wald", "Knapp-Hartung") for x in (say("无", "none"), "1948")]
    chosen = [
        Specification(*limits(POOLED + 0.1 * n, 0.2 + 0.05 * n), choices, n == 0) for n, choices in enumerate(models)
    ]
    return SpecificationCurve(
        **common("specification", say),
        specifications=chosen,
        dimensions=(say("效应量", "Measure"), say("区间", "Interval"), say("排除", "Excluded")),
        effect=effect(say),
        low_heading=say("下限", "Lower limit"),
        high_heading=say("上限", "Upper limit"),
        main_words=say("预先声明的分析", "declared analysis"),
        excluding_words=say("不含1", "excludes 1"),
        including_words=say("包含1", "includes 1"),
        share=say("8种设定中5种支持结论。", "5 of 8 specifications keep the conclusion."),
        mid=(0.9, 1.11),
    )


def influence(say: Words) -> Influence:
    residuals = [(y - POOLED) / math.sqrt(se**2 + TAU2) for y, se in zip(LOGS, SES, strict=True)]
    titles = [say("残差", "Residual"), "DFFITS", say("Cook距离", "Cook's distance"), say("帽值", "Hat value")]
    panels = [Panel(title, residuals, [abs(r) > 1.2 for r in residuals], (-1.2, 1.2), 0.0) for title in titles]
    return Influence(
        **common("influence", say),
        studies=LABELS,
        panels=panels,
        label_heading=say("研究", "Study"),
        flagged_words=say("超出界限", "beyond a limit"),
        plain_words=say("其他研究", "other studies"),
        cut_words=say("界限", "limit"),
        centre_words=say("预期值", "expected value"),
    )


def scattered(say: Words) -> Iterator[Figure]:
    study = say("研究", "Study")
    pairs = list(zip(LABELS, LOGS, SES, WEIGHTS, strict=True))
    yield Baujat(
        **common("baujat", say),
        studies=[Study(t, (y - POOLED) ** 2 * w, w * abs(y) / 9) for t, y, _, w in pairs],
        x_title="Q",
        y_title=say("影响", "Influence"),
        label_heading=study,
    )
    risks = [
        Study(label, c / n, a / m, w) for label, (_, _, a, m, c, n, *_), w in zip(LABELS, TRIALS, WEIGHTS, strict=True)
    ]
    curve = Curve([(0, 0), (0.3, 0.3 * math.exp(POOLED))], say("合并RR", "pooled RR"))
    yield Labbe(
        **common("labbe", say),
        studies=risks,
        x_title=say("对照", "Control"),
        y_title=say("卡介苗", "BCG"),
        label_heading=study,
        same_words=say("相同", "same risk"),
        curves=[curve],
        above_words=say("对照更好", "favours control"),
        below_words=say("卡介苗更好", "favours BCG"),
    )
    line = [(x, math.exp(0.25 - 0.029 * x)) for x in range(10, 60, 5)]
    yield Bubble(
        **common("bubble", say),
        studies=[
            Study(label, trial[6], math.exp(y), w)
            for label, trial, y, w in zip(LABELS, TRIALS, LOGS, WEIGHTS, strict=True)
        ],
        moderator_title=say("纬度", "Latitude"),
        effect=effect(say),
        label_heading=study,
        line=line,
        line_words=say("回归线", "regression line"),
        band=[(x, y * 0.8, y * 1.2) for x, y in line],
        band_words=say("置信带", "confidence band"),
        prediction=[(x, y * 0.4, y * 2.5) for x, y in line],
        prediction_words=say("预测界", "prediction limits"),
    )
    yield Radial(
        **common("radial", say),
        studies=[Study(t, 1 / s, y / s) for t, y, s, _ in pairs],
        effect=effect(say),
        x_title=say("1/标准误", "1 / standard error"),
        y_title="z",
        label_heading=study,
        estimate=math.exp(POOLED),
        estimate_words=say("合并估计", "pooled estimate"),
        band_words="± 1.96",
    )
    yield Doi(
        **common("doi", say),
        studies=[Study(t, math.exp(y), s * 2) for t, y, s, _ in pairs],
        effect=effect(say),
        y_title="|z|",
        label_heading=study,
        tip_words=say("最精确", "most precise"),
        asymmetry="LFK −1.9",
    )
    drapes = [Drape(t, math.exp(y), s) for t, y, s, _ in pairs]
    yield Drapery(
        **common("drapery", say),
        drapes=[*drapes, Drape(say("随机效应", "random effects"), math.exp(POOLED), POOLED_SE, Stroke.SOLID)],
        effect=effect(say),
        p_title=say("p值", "p value"),
        label_heading=study,
        se_heading=say("标准误", "Standard error"),
        studies_words=study,
        levels_words="p = 0.05",
    )


def curves(say: Words) -> Iterator[Figure]:
    points = [(t / 50, -12 + 10 * math.exp(-((t / 50 - 0.31) ** 2))) for t in range(80)]
    yield Profile(
        **common("profile", say),
        points=points,
        x_title="τ²",
        y_title=say("对数似然", "Log-likelihood"),
        estimate=0.31,
        height=-2.0,
        estimate_words="REML",
        low=0.12,
        high=1.0,
        cutoff=-3.92,
        interval_words=say("95%区间", "95% interval"),
    )
    shares = [n / 20 for n in range(1, 21)]
    boundaries = [
        Curve(
            [(s * 4e5, sign * 2 / math.sqrt(s)) for s in shares],
            say("序贯界限", "boundary") if sign > 0 else "",
            Stroke.DASHED,
        )
        for sign in (1, -1)
    ]
    looks = [Study(label, 3e4 * (n + 1), -1.5 - n / 5) for n, label in enumerate(LABELS)]
    yield Sequential(
        **common("sequential", say),
        looks=looks,
        x_title=say("受试者", "Participants"),
        y_title="z",
        label_heading=say("研究", "Study"),
        looks_words=say("累积Z", "cumulative z"),
        boundaries=boundaries,
        conventional_words="± 1.96",
        required=4e5,
        required_words=say("所需信息量", "required information"),
        favours_low="BCG",
        favours_high=say("不接种", "no BCG"),
    )
    cloud = [(math.exp(POOLED + 0.1 * math.sin(n)), 50 + 40 * math.cos(n * 1.7)) for n in range(4000)]
    yield Gosh(
        **common("gosh", say),
        estimates=[x for x, _ in cloud],
        heterogeneity=[y for _, y in cloud],
        effect=effect(say),
        heterogeneity_title="I² (%)",
        quantile_heading=say("百分位", "Percentile"),
        subsets_words=say("每格的子集数：", "Subsets in a cell:"),
    )


def cumulative(say: Words) -> Forest:
    steps = [
        Step(f"+ {label}", *limits(POOLED + 0.3 / (n + 1), 0.6 / (n + 1) ** 0.5), (said(limits(POOLED, 0.2)),))
        for n, label in enumerate(LABELS)
    ]
    return successive(
        steps,
        **common("cumulative", say),
        effect=effect(say),
        label_heading=say("加入的研究", "Study added"),
        columns=(Column("RR (95% CI)", main=True),),
        summary=Row(
            Kind.SUMMARY, say("全部", "All studies"), (said(limits(POOLED, POOLED_SE)),), *limits(POOLED, POOLED_SE)
        ),
        summary_words=say("全部研究", "all studies"),
    )


def votes(say: Words) -> Votes:
    fills = ("strong-for", "for", "neutral", "against", "strong-against", "abstain", "recused")
    names = (
        *(say("强推荐采用", "strong for"), say("弱推荐采用", "weak for"), say("中立", "neutral")),
        *(say("弱推荐不采用", "weak against"), say("强推荐不采用", "strong against")),
        *(say("弃权", "abstained"), say("回避 & 其他", "recused & other")),
    )
    bars = [
        Bar("r01a", (7, 3, 1, 1, 0, 1, 2), say("通过，强推荐", "adopted, strong for")),
        Bar("r01b", (0, 2, 0, 6, 4, 0, 0), say("通过，弱推荐不采用", "adopted, weak against")),
        Bar("r02a", (0, 0, 0, 0, 0, 0, 15), say("未达法定人数", "no quorum")),
        Bar("r02b", (1, 0, 0, 0, 1, 0, 0), say("未通过", "not adopted")),
        Bar("r03a", (40, 0, 1, 0, 0, 0, 0), say("通过", "adopted")),
    ]
    return Votes(
        **common("votes", say),
        parts=[Part(fill, name) for fill, name in zip(fills, names, strict=True)],
        bars=bars,
        clause_title=say("条款", "Clause"),
        result_title=say("结果", "Result"),
    )


def appraisal(say: Words) -> Iterator[Figure]:
    """Invented judgements of the trials, in the seven domains that the longest of the common instruments has."""
    judgements = (
        Judgement("+", Tone.GOOD, say("偏倚风险低", "low risk of bias")),
        Judgement("–", Tone.OPEN, say("有一定顾虑", "some concerns")),
        Judgement("×", Tone.BAD, say("偏倚风险高", "high risk of bias")),
        Judgement("·", Tone.NONE, say("未能确定", "undetermined")),
    )
    names = [say(f"领域{n}：结局数据缺失", f"Domain {n}: missing outcome data") for n in range(1, 8)]
    domains = tuple(Domain(letter, name) for letter, name in zip("ABCDEFG", names, strict=True))
    signs = [tuple("+–×·"[(n * k) % 4] if (n + k) % 9 else "" for k in range(1, 8)) for n in range(len(TRIALS))]
    yield TrafficLight(
        **common("traffic", say),
        rows=tuple(Light(label, row) for label, row in zip(LABELS, signs, strict=True)),
        domains=domains,
        judgements=judgements,
        label_heading=say("研究", "Study"),
        whole=1,
        notes=(say("两项研究仍在独立评价中。", "Two studies are still being appraised independently."),),
    )
    yield RiskBars(
        **common("risk-bars", say),
        rows=tuple(
            Share(name, (0.5, 0.3, 0.2 - n / 40, n / 40), ("7 (50%)", "4 (30%)", "2 (18%)", "0 (2%)"))
            for n, name in enumerate(names)
        ),
        judgements=judgements,
        label_heading=say("领域", "Domain"),
        notes=(say("按合并分析中的权重加权。", "Weighted as in the pooled analysis."),),
    )


def review(say: Words, name: str, *, linked: bool) -> Flow:
    """Two ways into one end, one of which passes by the other on a narrow page; every tone of a box."""
    found = Node("found", (Line(say("检出的记录", "Records found")), Line("n = 13", "strong")), 0, 0, tone="stated")
    out = Node(
        "out", (Line(say("去除", "Left out")), Line(say("重复（n = 3）", "copies (n = 3)"), "small")), 1, 0, side=True
    )
    read = Node("read", (Line(say("评估全文", "Read in full text")), Line("n = 10", "strong")), 0, 1)
    off = Node("off", (Line(say("排除", "Excluded")), Line(say("未知", "not known"), "strong")), 1, 1, True, "unknown")
    cited = Node("cited", (Line(say("参考文献", "Reference lists")), Line("n = 2", "strong")), 2, 0, tone="open")
    end = Node("end", (Line(say("纳入", "Included")), Line("n = 6", "strong")), 0, 2, tone="end")
    boxes = [found, out, read, off, cited, end]
    return Flow(
        **common(name, say),
        boxes=[replace(one, link=f"#{one.id}") for one in boxes] if linked else boxes,
        arrows=[
            Arrow("found", "out"),
            Arrow("found", "read", say("是", "yes")),
            Arrow("read", "off"),
            Arrow("read", "end"),
            Arrow("cited", "end"),
        ],
        columns=[say("数据库", "Databases"), "", say("其他来源", "Other sources")],
        rows=[(0, say("检索", "Identification")), (2, say("纳入", "Included"))],
        notes=[say("双线框为文献所述。", "Double edge: as a publication states it.")],
        box_title=say("框", "Box"),
        content_title=say("数目", "Number"),
        next_title=say("去向", "Leads to"),
    )


def algorithm(say: Words) -> Algorithm:
    """An invented pathway with branches, a way that skips rows and one that leads back."""
    no, yes = say("否", "No"), say("是", "Yes")
    return Algorithm(
        **common("algorithm", say),
        boxes=(
            Box("start", "1", "start", say("背痛", "Pain in the back"), ways=(Way("film"),)),
            Box("film", "2", "question", say("X线片是否显示骨折？", "Does the film show a fracture?"),
                say("推荐意见1", "Recommendation 1"), (Way("scan", yes), Way("wait", no))),
            Box("wait", "3", "action", say("两周后复查", "Look again after two weeks"), ways=(Way("film"),)),
            Box("scan", "4", "question", say("MRI有无水肿？", "Does MRI show oedema of the marrow?"),
                ways=(Way("fresh", yes), Way("old", no), Way("end", say("不能行MRI", "MRI is not possible")))),
            Box("fresh", "5", "action", say("按新鲜骨折处理", "Treat as a fresh fracture"), ways=(Way("end"),)),
            Box("old", "6", "end", say("考虑陈旧性骨折", "Probably an old fracture")),
            Box("end", "7", "end", say("随访", "Follow up")),
        ),
        step_title=say("步骤", "Step"),
        text_title=say("内容", "What"),
        next_title=say("下一步", "Then"),
        leads_back=say("回到{number}", "back to {number}"),
    )  # fmt: skip


def every(language: str) -> list[Figure]:
    say = words(language)
    return [
        forest(say),
        cumulative(say),
        funnel(say, "funnel", Precision.SE, contours=False),
        funnel(say, "contours", Precision.SE, contours=True),
        funnel(say, "inverse", Precision.INVERSE_SE, contours=True),
        funnel(say, "size", Precision.SIZE, contours=False),
        specification(say),
        influence(say),
        votes(say),
        review(say, "review", linked=False),
        review(say, "review-linked", linked=True),
        algorithm(say),
        *scattered(say),
        *curves(say),
        *appraisal(say),
    ]
