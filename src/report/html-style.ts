// The style sheet of the page: one column of type on quiet ground, headings in the margin where there is one. Colours
// carry nothing that words or shapes do not say too; all text keeps a contrast of 4.5:1 or more, in both schemes.

export const style = `
:root{color-scheme:light dark;--ground:#faf9f6;--ink:#1b1d22;--soft:#5a5e66;--rule:#dedbd3;--firm:#1b1d22;--tint:#f1efe9;
--attack:#9c1f1f;--fault:#7a5200;--quiet:#1d6142;--link:#1d4f7c;--stranger:#8f1d1d;--familiar:#9c876d;--success:#74889b;
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Source Serif 4",Charter,"Noto Serif",Georgia,serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{--ground:#14161a;--ink:#e9e7e2;--soft:#a4a8b0;--rule:#30343b;--firm:#d9d6cf;
--tint:#1d2026;--attack:#ff9a90;--fault:#f0c271;--quiet:#86d3a9;--link:#9cc4ea;--stranger:#ff8a80;--familiar:#83755f;--success:#6f8aa5}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 var(--sans);font-variant-numeric:tabular-nums lining-nums;
overflow-wrap:anywhere}
.page{max-width:68rem;margin:0 auto;padding:0 2rem}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
:focus-visible{outline:.16rem solid var(--link);outline-offset:.16rem}
p{margin:0 0 .75rem}
h1,h2,h3,h4{font-weight:600;line-height:1.25;margin:0}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--ground);padding:.5rem}
.masthead{display:flex;flex-wrap:wrap;gap:.25rem 1.75rem;align-items:center;padding:1.4rem 0 1.1rem;border-bottom:1px solid var(--rule);
font-size:.875rem}
.brand{display:flex;gap:.6rem;align-items:center;font-weight:600;letter-spacing:.01em;margin-right:auto}
.brand svg{width:1.15rem;height:1.15rem;display:block}
.masthead ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
.masthead a{color:var(--soft);text-decoration:none}.masthead a:hover{color:var(--ink);text-decoration:underline}
.verdict{padding:3.25rem 0 2.5rem}
.word{display:flex;align-items:center;gap:.6rem;font-weight:650;font-size:1rem;margin:0 0 .9rem}
.word svg{width:.85rem;height:.85rem;flex:none}
.attack .word,.attack-and-fault .word{color:var(--attack)}.fault .word{color:var(--fault)}.quiet .word{color:var(--quiet)}.scant .word{color:var(--soft)}
h1{font:500 clamp(1.45rem,1.05rem + 1.75vw,2.3rem)/1.28 var(--serif);letter-spacing:-.008em;max-width:27em;text-wrap:pretty}
.meta{color:var(--soft);margin:1.3rem 0 0;font-size:.9375rem;max-width:46rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));gap:1.5rem 2rem;margin:0;padding:1.6rem 0 2.2rem;
border-top:2px solid var(--firm)}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{color:var(--soft);font-size:.875rem;line-height:1.4;margin-top:.3rem}
.figures dd{margin:0;font:500 2.1rem/1.1 var(--serif);letter-spacing:-.01em;white-space:nowrap;overflow-wrap:normal}
.figures .bad dd{color:var(--attack)}
section{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:0 3rem;padding:2.2rem 0 2.4rem;border-top:1px solid var(--rule)}
section>h2{font-size:1.0625rem;padding-top:.1rem}
section>h2 small{display:block;font-weight:400;font-size:.875rem;color:var(--soft);margin-top:.3rem}
section>div{min-width:0;grid-column:2}
h3{font-size:1.0625rem;margin:2rem 0 .6rem}section>div>h3:first-child{margin-top:.1rem}
h4{font-size:.9375rem;margin:1.9rem 0 .5rem}
.lead{font-family:var(--serif);font-size:1.125rem;line-height:1.5}
.soft,.more{color:var(--soft)}.more{margin:.6rem 0 0;font-size:.9375rem}small.soft{font-size:.875em}
ul.plain{padding-left:1.1rem;margin:0;max-width:44rem}ul.plain li{margin:0 0 .5rem}ul.plain li::marker,ol.steps ul li::marker{content:"\\2013\\2002";color:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.45}
caption{text-align:left;color:var(--soft);padding:0 0 .6rem}
h2+div>table:first-child>caption{padding-top:.15rem}
th,td{text-align:left;vertical-align:baseline;padding:.5rem 1.25rem .5rem 0;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-size:.8125rem;border-bottom:1px solid var(--firm);padding-top:.1rem;white-space:nowrap;overflow-wrap:normal}
tbody tr+tr>*{border-top:1px solid var(--rule)}
.end{text-align:right}
td.end{overflow-wrap:normal}tbody th{min-width:8.5rem}#findings td{min-width:7rem}
.fallen tbody th{font-weight:600}
.sure{display:inline-flex;gap:.45rem;align-items:center;white-space:nowrap}.sure svg{width:1.5rem;height:.5rem;flex:none;color:var(--attack)}
.nowrap{white-space:nowrap}
.why{color:var(--soft)}
.share{display:block;width:100%;min-width:4rem;height:.5rem;color:var(--success)}
ol.steps{list-style:none;counter-reset:none;margin:0;padding:0;max-width:46rem}
ol.steps>li{display:grid;grid-template-columns:2.4rem minmax(0,1fr);padding:.95rem 0 .8rem;border-top:1px solid var(--rule)}
ol.steps>li:first-child{border-top:0;padding-top:.2rem}
.number{font:500 1.35rem/1.3 var(--serif);color:var(--soft)}
.action{font-weight:600;font-size:1.0625rem;line-height:1.4;margin:.05rem 0 .35rem}
.not .action::before{content:"";display:inline-block;width:.95em;height:.95em;margin-right:.5em;vertical-align:-.1em;border-radius:50%;
border:.14em solid var(--fault);background:linear-gradient(45deg,transparent 44%,var(--fault) 44% 56%,transparent 56%)}
ol.steps ul{margin:0;padding-left:1.1rem;color:var(--ink)}ol.steps ul li{margin:0 0 .3rem}
figure{margin:0}
figcaption{font-size:.9375rem;color:var(--soft);margin-bottom:.5rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;margin:0 0 .9rem;padding:0;font-size:.8125rem;color:var(--soft)}
.legend li{display:flex;gap:.45rem;align-items:center}.legend svg{width:1rem;height:.75rem;flex:none}
.plot{display:block;width:100%;overflow:visible;font:400 12px var(--sans)}
.plot text{fill:var(--soft)}.plot text.strong{fill:var(--ink);font-weight:600}
.plot .halo{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
.stranger{fill:var(--stranger)}.familiar{fill:var(--familiar)}.success{fill:var(--success)}
.rule{stroke:var(--rule);stroke-width:1px;shape-rendering:crispEdges}.base{stroke:var(--firm);stroke-width:1px;shape-rendering:crispEdges}
.span{stroke:var(--attack);stroke-width:2px}.span.of-fault{stroke:var(--fault);stroke-dasharray:5 3}
.guide{stroke:var(--soft);stroke-width:1px;stroke-dasharray:1 3}
.fell{fill:var(--attack)}.seen{fill:var(--ground);stroke:var(--attack);stroke-width:2px}
.phone{display:none}
.facts{display:grid;grid-template-columns:9.5rem minmax(0,1fr);margin:0;font-size:.9375rem;max-width:46rem}
.facts dt{color:var(--soft);padding:.28rem 1rem .28rem 0}.facts dd{margin:0;padding:.28rem 0}
.accounts{columns:3 12rem;column-gap:2.5rem;list-style:none;margin:0;padding:0;font-size:.9375rem}
.accounts li{display:flex;justify-content:space-between;gap:1rem;padding:.22rem 0;border-bottom:1px solid var(--rule);break-inside:avoid}
.accounts small{color:var(--soft);font-size:.8125rem;white-space:nowrap}
details{margin:.9rem 0 0}summary{cursor:pointer;color:var(--link);font-size:.9375rem;width:fit-content}details[open]>summary{margin-bottom:.7rem}
.line{font:.8125rem/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Noto Sans Mono",monospace;color:var(--soft)}
footer{border-top:1px solid var(--rule);padding:1.6rem 0 3.5rem;color:var(--soft);font-size:.8125rem}
footer p{max-width:46rem;margin:0 0 .4rem}footer a{color:inherit}
@media (max-width:62rem){section{display:block}section>h2{margin-bottom:1rem}section>h2 small{display:inline;margin-left:.5rem}
h3{margin-top:1.6rem}}
@media (max-width:40rem){
.page{padding:0 1.15rem}.masthead ul{display:none}.verdict{padding:1.9rem 0 1.7rem}
.figures{grid-template-columns:1fr 1fr;gap:1.15rem 1.25rem;padding:1.3rem 0 1.7rem}.figures dd{font-size:1.7rem}
section{padding:1.6rem 0 1.8rem}
.desk{display:none}.phone{display:inline}
table.cards,table.cards tbody,table.cards tr,table.cards th,table.cards td{display:block}
table.cards caption{display:block}table.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.cards tbody tr{padding:.7rem 0;border-top:1px solid var(--rule)}
table.cards tbody tr:first-child{border-top:1px solid var(--firm)}
table.cards tbody tr>*{border:0;min-width:0!important;padding:.1rem 0;text-align:left}
table.cards tbody th{font-weight:600;font-size:1rem;padding-bottom:.2rem}
table.cards td{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.75rem}
table.cards td::before{content:attr(data-title);color:var(--soft);font-size:.875rem}
.facts{grid-template-columns:6.5rem minmax(0,1fr)}ol.steps>li{grid-template-columns:1.9rem minmax(0,1fr)}
.accounts{columns:1}}
@media print{
@page{margin:16mm 15mm}
:root{color-scheme:light;--ground:#fff;--ink:#000;--soft:#444;--rule:#bbb;--firm:#000;--tint:#fff;--attack:#8a1414;--fault:#6b4700;
--quiet:#145236;--link:#000;--stranger:#8a1414;--familiar:#9c876d;--success:#74889b}
html{font-size:9.5pt}body{line-height:1.45}.page{max-width:none;padding:0}.masthead{padding-top:0}.masthead ul,.skip,details:not([open]){display:none}
.verdict{padding:1.4rem 0 1.2rem}h1{font-size:18pt}.figures{padding:1rem 0 1.2rem;grid-template-columns:repeat(6,1fr);gap:1rem}
.figures dd{font-size:17pt}.figures dt{font-size:8pt}
section{display:block;padding:1.1rem 0 1.2rem}section>h2{margin-bottom:.7rem;break-after:avoid}
section>h2 small{display:inline;margin-left:.5rem}h3,h4,caption{break-after:avoid}
tr,ol.steps>li,figure,.figures,.accounts{break-inside:avoid}footer{padding:.8rem 0 0;break-inside:avoid}

.number::before{content:"\\2610\\00a0"}ol.steps>li{grid-template-columns:3.4rem minmax(0,1fr)}
.stranger,.familiar,.success,.fell,.not .action::before{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.replaceAll("\n", "");
