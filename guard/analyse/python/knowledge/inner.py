"""As `acting`, of libraries for documents, models, sciences, tests and screens: mostly inner modules that are opaque as a whole."""

TABLE = """
@py-acting
pypdf.filters.JBIG2Decode.decode() = proc.exec "jbig2dec"
pdfplumber.repair(path_or_fp, outfile) = fs.read path_or_fp; may fs.write outfile; proc.exec "gs"
[pdfplumber.cli pdfplumber.repair] opaque
fpdf.image_parsing.*(filename) = !read_anything
fpdf.fpdf.load_image|get_img_info(filename) = !read_anything
fpdf.svg.preload_image(name) = !read_anything
fpdf.FPDF.set_text_shaping|add_font() = may fs.read *
reportlab.platypus.Image|flowables.Image(filename) = !read_anything
reportlab.lib.utils.ImageReader(fileName) = !read_anything
reportlab.lib.utils.rlUrlRead|open_for_read(name) = !read_anything
reportlab.lib.utils.DebugMemo() = fs.write *; opaque "unpickles data, which can run any code"
reportlab.lib.utils.recursiveImport() = opaque "imports a module by its name"
reportlab.lib.utils.simpleSplit|flatten|asUnicode|asBytes() = pure
reportlab.pdfbase.cidfonts.UnicodeCIDFont|CIDFont() = pure
reportlab.graphics.renderPDF.draw() = pure
[reportlab.lib.utils reportlab.lib.pdfencrypt reportlab.lib.rl_safe_eval reportlab.lib.testutils reportlab.lib.rltempfile] opaque
[reportlab.lib.fontfinder reportlab.lib.logger reportlab.pdfbase.pdfutils reportlab.pdfbase.cidfonts reportlab.tools] opaque
[reportlab.graphics.samples reportlab.rl_config] opaque
pulp.apis.* = proc.exec "solver"
pulp.LpProblem.toJson(filename) = fs.write filename
pulp.CHOCO_CMD|COIN_CMD|COPT_CMD|CPLEX_CMD|FSCIP_CMD|GLPK_CMD|GUROBI_CMD|HiGHS_CMD|MIPCL_CMD|PULP_CBC_CMD|SCIP_CMD|XPRESS|CPLEX_PY|
    GUROBI|HiGHS|COINMP_DLL|COPT|CYLP|YAPOSIB|SAS94|SASCAS|MOSEK|getSolver|getSolverFromDict|getSolverFromJson() = pure -> pulp.Solver
pulp.Solver.actualSolve|solve|available|solve_CBC|callSolver|buildSolverModel|__latent__() = proc.exec "solver"
pulp.Solver.toJson|writesol|writemst|writeslxsol|delete_tmp_files|silent_remove() = fs.write *
pulp.Solver.* = pure
ortools.math_opt.python.ipc.* = http.post "https://optimization.googleapis.com/"
deap.gp.PrimitiveTree.from_string(string) = !expression
pymc.get_data|data.get_data() = http.get "https://raw.githubusercontent.com/pymc-devs/"
[pymc.smc pymc.backends] opaque
pymc.backends.base|ndarray = pure
pyomo.common.* = opaque "builds, starts, fetches or unpacks something"
pyomo.common.timing|collections|numeric_types|errors|enums|log() = pure
pyomo.contrib.* = opaque "builds or starts native code"
[pyomo.solvers pyomo.scripting pyomo.neos pyomo.dataportal pyomo.repn pyomo.opt pyomo.tpl pyomo.core.plugins] opaque
pyomo.opt.SolverStatus|TerminationCondition|SolverResults|ProblemFormat|ResultsFormat = pure
pint.testsuite.* = opaque "runs tests"
astropy.config.create_config_file|generate_config|configuration.create_config_file|configuration.generate_config() = fs.write *
astropy.coordinates.horoscope|calculation.horoscope() = http.get *
astropy.find_api_page|online_help() = http.get "https://docs.astropy.org/"; proc.exec "browser"
astropy.io.ascii.read|ui.read(table) = !read_anything
astropy.io.misc.fnunpickle|pickle_helpers.fnunpickle() = opaque "unpickles data, which can run any code"
astropy.io.misc.fnpickle|pickle_helpers.fnpickle(object, fileorname) = fs.write fileorname
astropy.io.votable.validator.* = http.get *; fs.write *
astropy.io.votable.validate(source) = !read_anything
astropy.utils.misc.* = opaque "imports modules by computed names"
astropy.utils.introspection.resolve_name|find_mod_objs() = opaque "imports modules by computed names"
astropy.utils.resolve_name|find_mod_objs|find_current_module() = opaque "imports modules by computed names"
[astropy.extern astropy.io.fits.scripts astropy.table.scripts astropy.utils.xml astropy.tests] opaque
Bio.PDB.PDBParser|MMCIFParser|FastMMCIFParser|MMTFParser|PQRParser|BinaryCIFParser() = pure -> Bio.Parser
Bio.Parser.get_structure(id, file) = fs.read file
Bio.Parser.* = pure
Bio.PDB.PDBParser.PDBParser() = pure -> Bio.Parser
Bio.PDB.MMCIFParser.MMCIFParser() = pure -> Bio.Parser
Bio.PDB.MMCIF2Dict.MMCIF2Dict(filename) = fs.read filename
rdkit.Chem.MolFromMolFile|MolFromPDBFile|MolFromMol2File|MolFromTPLFile|MolFromPNGFile|MolFromRDKitSVG|MolFromXYZFile|MolFromMrvFile|
    SDMolSupplier|SmilesMolSupplier|TDTMolSupplier|MaeMolSupplier|ForwardSDMolSupplier|MultithreadedSDMolSupplier(file) = fs.read file
chess.polyglot.MemoryMappedReader|open_reader(filename) = fs.read filename
chess.syzygy.open_tablebase(directory) = fs.read directory/
chess.gaviota.open_tablebase|open_tablebase_native(directory) = fs.read directory/
gensim.corpora.WikiCorpus|wikicorpus.WikiCorpus(fname) = fs.read fname
gensim.models.word2vec.LineSentence|PathLineSentences|Text8Corpus|BrownCorpus(source) = fs.read source
bitstring.Bits|BitArray|ConstBitStream|BitStream(*, filename) = fs.read filename
folium.raster_layers.ImageOverlay|VideoOverlay(image) = may fs.read image
lightgbm.Dataset(data) = !read_text
xgboost.DMatrix|QuantileDMatrix|ExtMemQuantileDMatrix(data) = !read_text
catboost.Pool(data) = !read_text
wordcloud.WordCloud(font_path) = !read_text -> wordcloud.WordCloud
pygments.highlight(code, lexer, formatter, outfile) = may fs.write outfile
nltk.corpus.PlaintextCorpusReader|CategorizedPlaintextCorpusReader|TaggedCorpusReader|CategorizedTaggedCorpusReader|WordListCorpusReader|
    BracketParseCorpusReader|ChunkedCorpusReader|ConllCorpusReader|XMLCorpusReader|CorpusReader(root) = fs.read root
nltk.corpus.reader.PlaintextCorpusReader|CategorizedPlaintextCorpusReader|TaggedCorpusReader|CategorizedTaggedCorpusReader|
    WordListCorpusReader|BracketParseCorpusReader|ChunkedCorpusReader|ConllCorpusReader|XMLCorpusReader|CorpusReader(root) = fs.read root
textdistance.libraries.* = opaque "imports modules by computed names"
[textdistance.libraries] opaque
Bio.Blast.qblast() = http.post "https://blast.ncbi.nlm.nih.gov/"
Bio.Graphics.KGML_vis.* = http.get "https://rest.kegg.jp/"
Bio.PDB.DSSP|ResidueDepth|get_surface|NACCESS|PSEA() = proc.exec "dssp"
Bio.PDB.DSSP.* = proc.exec "dssp"
Bio.PDB.ResidueDepth.* = proc.exec "msms"
Bio.PDB.NACCESS.* = proc.exec "naccess"
Bio.PDB.PSEA.* = proc.exec "psea"
Bio.PDB.alphafold_db.* = http.get "https://alphafold.ebi.ac.uk/"; fs.write *
Bio.PDB.HSExposureCA() = pure -> Bio.HSExposure
Bio.HSExposure.pcb_vectors_pymol(filename) = fs.write filename
Bio.HSExposure.* = pure
Bio.Phylo.PAML.* = proc.exec "paml"
Bio.Phylo.convert|SearchIO.convert|AlignIO.convert|SeqIO.convert(in_file, in_format, out_file) = fs.read in_file; fs.write out_file
Bio.PopGen.GenePop.* = fs.write *; proc.exec "genepop"
Bio.motifs.Motif.weblogo() = http.post "https://weblogo.threeplusone.com/"; fs.write *
Bio.File.as_handle(handleish, mode) = !open
rdkit.Chem.Fingerprints.* = opaque "unpickles data, which can run any code"
rdkit.Chem.MolDb.* = opaque "unpickles data, which can run any code"
rdkit.Chem.MolKey.* = fs.write *
rdkit.Chem.PyMol.* = net.connect *
rdkit.Chem.DSViewer.* = opaque "controls another program"
rdkit.Chem.fmcs.* = fs.write *
rdkit.Chem.BuildFragmentCatalog.ParseArgs() = opaque "evaluates its arguments"
rdkit.ML.* = opaque "evaluates text and unpickles data"
rdkit.ML.Cluster.Butina.* = pure
rdkit.ML.Descriptors.MoleculeDescriptors.* = pure
rdkit.ML.Scoring.* = pure
[rdkit.Contrib rdkit.utils rdkit.sping rdkit.TestRunner rdkit.Dbase rdkit.VLib] opaque
nose.* = opaque "runs tests"
nose.tools.* = pure
nose.tools.set_trace|nontrivial.set_trace() = opaque "starts a debugger"
passlib.apache.HtpasswdFile|HtdigestFile(path) = fs.read path -> passlib.File(path)
passlib.File.delete|delete_realm|set_hash|set_password|save|check_password(*, path) = fs.write self
passlib.File.* = pure
numexpr.cpuinfo.* = proc.exec "uname"
numexpr.detect_number_of_cores|utils.detect_number_of_cores() = proc.exec "sysctl"
numexpr.NumExpr|validate|re_evaluate|necompiler.NumExpr|necompiler.evaluate|necompiler.validate|necompiler.stringToExpression|
    necompiler.precompile|necompiler.getExprNames(ex) = !expression
tables.scripts.* = opaque "runs as a program"
tables.nodes.filenode.read_from_filenode(h5file, filename) = fs.write filename
ruamel.yaml.compat.* = fs.write *
ruamel.yaml.util.load_yaml_guess_indent() = pure
ruamel.yaml.Constructor|Loader|UnsafeLoader|main.Constructor|main.Loader|main.UnsafeLoader|constructor.Constructor|loader.Loader|
    loader.UnsafeLoader() = opaque "loads YAML that can run code"
pygments.cmdline.* = opaque "runs as a program"
pygments.lexers.load_lexer_from_file() = opaque "runs a file as code"
pygments.formatters.load_formatter_from_file() = opaque "runs a file as code"
[pygments.sphinxext] opaque
graphviz.backend.* = proc.exec "dot"
graphviz.render|view|pipe|pipe_lines|pipe_string|pipe_lines_string|unflatten|version(*, outfile) = proc.exec "dot"
graphviz.Graph.unflatten() = proc.exec "dot"
graphviz.rendering.* = proc.exec "dot"
graphviz.dot.Digraph|Graph() = pure -> graphviz.Graph
graphviz.graphs.Digraph|Graph() = pure -> graphviz.Graph
graphviz.graphs.* = proc.exec "dot"
graphviz.sources.* = proc.exec "dot"
pydot.call_graphviz() = proc.exec "dot"
pydot.core => pydot
pydot.Dot|graph_from_dot_data|graph_from_edges|graph_from_adjacency_matrix() = pure -> pydot.Dot
pydot.graph_from_dot_file(path) = fs.read path -> pydot.Dot
pydot.Dot.write(path) = fs.write path; may proc.exec "dot"
pydot.Dot.* = pure
rtree.finder.* = opaque "loads native code"
rtree.Index.loads() = opaque "unpickles data, which can run any code"
apscheduler.util.* = opaque "imports what a text names"
apscheduler.job.* = opaque "imports what a text names"
apscheduler.schedulers.background.BackgroundScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.blocking.BlockingScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.asyncio.AsyncIOScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.gevent.GeventScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.tornado.TornadoScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.twisted.TwistedScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.qt.QtScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.schedulers.base.BaseScheduler() = !scheduler -> apscheduler.Scheduler
apscheduler.Scheduler.configure() = !scheduler
apscheduler.Scheduler.add_job(func) = !scheduled
apscheduler.Scheduler.modify_job(*, func) = !scheduled
apscheduler.Scheduler.add_jobstore() = fs.write *
apscheduler.Scheduler.* = pure
apscheduler.jobstores.memory.* = pure
apscheduler.jobstores.base.* = pure
[apscheduler.jobstores] opaque
plyer.filechooser.* = proc.exec "dialog"
plyer.* = opaque "uses the machine's devices"
plyer.notification.notify() = proc.exec "notify-send"
[plyer] opaque
customtkinter.FontManager.load_font|init_font_manager() = fs.write "~/.fonts/"
[ttkbootstrap.convert_theme qrcode.console_scripts qrcode.release barcode.pybarcode] opaque
barcode.generate(name, code, writer, output) = fs.write output
babel.messages.extract.* = opaque "imports what its configuration names"
babel.messages.extract.extract_python|check_and_call_extract_file|extract_javascript() = fs.read *
babel.localedata.load() = pure
watchdog.tricks.* = proc.exec *
[watchdog.tricks watchdog.watchmedo] opaque
lxml.etree.XSLT() = opaque "runs a stylesheet, which can read and write files"
lxml.etree.XInclude|xinclude() = opaque "reads what an XML document names"
lxml.isoschematron.* = opaque "runs a stylesheet, which can read and write files"
lxml.etree.RelaxNG|XMLSchema|DTD|Schematron(etree, file) = may fs.read file
lxml.ElementInclude.* = opaque "reads what an XML document names"
lxml.html.open_in_browser() = proc.exec "browser"; fs.write *
lxml.html.submit_form|open_http_urllib() = http.post *
[lxml.cssselect lxml.html.soupparser] pure
six.get_function_globals|get_function_code|get_function_closure|get_function_defaults|
    get_method_function() = opaque "leads into the interpreter"
six.moves.builtins => builtins
six.moves.configparser => configparser
six.moves.copyreg => copyreg
six.moves.cPickle => pickle
six.moves.cStringIO => io.StringIO
six.moves.StringIO => io.StringIO
six.moves.dbm_gnu => dbm.gnu
six.moves.dbm_ndbm => dbm.ndbm
six.moves.filter => builtins.filter
six.moves.filterfalse => itertools.filterfalse
six.moves.getcwd => os.getcwd
six.moves.getcwdb => os.getcwdb
six.moves.getcwdu => os.getcwd
six.moves.getoutput => subprocess.getoutput
six.moves.http_cookiejar => http.cookiejar
six.moves.http_cookies => http.cookies
six.moves.html_entities => html.entities
six.moves.html_parser => html.parser
six.moves.http_client => http.client
six.moves.BaseHTTPServer => http.server
six.moves.CGIHTTPServer => http.server
six.moves.SimpleHTTPServer => http.server
six.moves.input => builtins.input
six.moves.intern => sys.intern
six.moves.map => builtins.map
six.moves.queue => queue
six.moves.range => builtins.range
six.moves.reduce => functools.reduce
six.moves.reload_module => importlib.reload
six.moves.reprlib => reprlib
six.moves.shlex_quote => shlex.quote
six.moves.socketserver => socketserver
six.moves._thread => _thread
six.moves.tkinter => tkinter
six.moves.urllib => urllib
six.moves.urllib_parse => urllib.parse
six.moves.urllib_error => urllib.error
six.moves.urllib_robotparser => urllib.robotparser
six.moves.winreg => winreg
six.moves.xmlrpc_client => xmlrpc.client
six.moves.xmlrpc_server => xmlrpc.server
six.moves.xrange => builtins.range
six.moves.zip => builtins.zip
six.moves.zip_longest => itertools.zip_longest
six.exec_(_code_) = py _code_
pyfiglet.main() = fs.write *
fire.console.* = proc.exec "pager"
bs4.diagnose.profile() = fs.write *
lxml.html.html5parser.parse(filename_url_or_file) = !read_anything
markdown.Markdown.convertFile(input, output) = may fs.read input; fs.write output
markdown.Markdown.build_extension|registerExtensions() = opaque "imports what a text names"
markdown.Markdown.* = pure
markdown2.markdown_path(path) = fs.read path
[markdown2.main charset_normalizer.cli ftfy.cli lark.tools cbor2.tool simplejson.tool] opaque
jinja2.FileSystemBytecodeCache|bccache.FileSystemBytecodeCache|
    bccache.Bucket() = opaque "loads compiled code from files"
jinja2.Template.from_code() = opaque "runs compiled code"
jinja2.loaders => jinja2
jinja2.environment => jinja2
jinja2.debug.* = opaque "runs code"
yaml.cyaml => yaml
yaml.loader => yaml
yaml.constructor.UnsafeConstructor|FullConstructor|Constructor() = opaque "loads YAML that can run code"
pyparsing.ParserElement.create_diagram(output_html) = fs.write output_html
lark.Lark(grammar, *, cache) = !cached_parser
hypothesis.database.* = fs.write *
hypothesis.extra.* = pure
hypothesis.extra.ghostwriter.* = opaque "imports what a text names"
hypothesis.extra.cli.* = opaque "runs as a program"
hypothesis.extra.codemods.* = opaque "rewrites files"
hypothesis.internal.* = opaque "makes and runs code"
hypothesis.internal.reflection.get_pretty_function_description() = pure
[faker.sphinx] opaque
keras.callbacks.CSVLogger|TensorBoard|BackupAndRestore(filename) = fs.write *
keras.callbacks.RemoteMonitor(root) = http.post root
keras.callbacks.SwapEMAWeights|EarlyStopping|History = pure
keras.config.set_backend|enable_unsafe_deserialization() = opaque "loads another backend, or what can run code"
keras.layers.Lambda.from_config|TorchModuleWrapper.from_config() = opaque "loads a model, which can run code"
keras.models.model_from_json|model_from_config|clone_model() = opaque "loads a model, which can run code"
keras.saving.load_weights|KerasFileEditor(filepath) = fs.read filepath
keras.saving.deserialize_keras_object() = opaque "loads a model, which can run code"
keras.utils.deserialize_keras_object|load_keras_object() = opaque "loads a model, which can run code"
keras.utils.plot_model(model, to_file) = fs.write to_file; proc.exec "dot"
keras.utils.vis_utils => keras.utils
keras.src.* = opaque "uses an inner part of Keras"
[keras.src] opaque
torch.cuda.CUDAPluggableAllocator() = opaque "uses native code"
torch.xpu.XPUPluggableAllocator() = opaque "uses native code"
torch.cuda.tunable.* = fs.write *
torch.autograd.profiler.load_nvprof|parse_nvprof_trace(path) = fs.read path
torch.distributed.elastic.* = net.connect *; proc.exec "python"
torch.distributed.run.* = proc.exec "python"
torch.distributed.launch.* = proc.exec "python"
torch.distributed.launcher.* = proc.exec "python"
torch.distributed.debug.* = net.connect *
torch.distributed.checkpoint.* = opaque "reads and writes checkpoints, which are unpickled"
torch.distributed.flight_recorder.* = opaque "unpickles data, which can run any code"
torch.distributed.breakpoint() = opaque "starts a debugger"
torch.export.load|load_pt2|package_pt2|pt2_archive.load_pt2(f) = fs.read f; opaque "loads a model, which can run code"
torch.hub.help|list() = http.get "https://github.com/"; opaque "downloads and runs code"
torch.serialization.load => torch.load
torch.serialization.save => torch.save
torch.fx.experimental.* = opaque "makes and runs code"
torch.fx.GraphModule() = opaque "makes and runs code"
torch.jit.unsupported_tensor_ops.* = opaque "makes and runs code"
torch.jit.CompilationUnit|script|script_method() = pure
torch.profiler.profiler.* = fs.write *
torch.profiler.tensorboard_trace_handler(dir_name) = fs.write dir_name/
torch.profiler.ExecutionTraceObserver() = fs.write *
torch.utils.benchmark.Timer(stmt, setup, global_setup) = py stmt -> torch.Timer
torch.Timer.collect_callgrind() = proc.exec "valgrind"
torch.Timer.* = pure
torch.utils.collect_env.* = proc.exec "pip"
torch.utils.data.datapipes.* = fs.read *
torch.utils.hipify.* = fs.write *
torch.utils.model_dump.* = opaque "unpickles data, which can run any code"
torch.utils.model_zoo.* = http.get *
torch.utils.show_pickle.* = fs.read *
torch.utils.tensorboard.* = fs.write *
torch.utils.file_baton.* = fs.delete *
torch.utils.bottleneck.* = opaque "runs a file as code"
torch.package.* = opaque "unpickles data and imports code"
torch.backends.xeon.* = proc.exec "python"
torch.compiler.save_cache_artifacts|load_cache_artifacts() = fs.write *
torch.multiprocessing.Process => multiprocessing.Process
torch.multiprocessing.Pool => multiprocessing.Pool
distutils.file_util.copy_file(src, dst) = fs.read src; fs.write dst
distutils.file_util.move_file(src, dst) = fs.delete src; fs.write dst
distutils.file_util.write_file(filename) = fs.write filename
distutils.dir_util.copy_tree(src, dst) = fs.read src/; fs.write dst/
distutils.dir_util.remove_tree(directory) = fs.delete directory/
distutils.dir_util.mkpath(name) = fs.create name/
distutils.dir_util.create_tree(base_dir) = fs.create base_dir/
distutils.spawn.spawn(cmd) = argv cmd
distutils.spawn.find_executable() = pure
distutils.util.strtobool() = pure
distutils.version.* = pure
diskcache.Cache|FanoutCache|Index|Deque|DjangoCache(directory) = fs.write directory/; opaque "unpickles data, which can run any code"
[diskcache] opaque
caldav.* = net.connect *
trello.* = net.connect "api.trello.com:443"
imapclient.* = net.connect *
imap_tools.* = net.connect *
vlc.* = proc.exec "vlc"
[caldav trello imapclient imap_tools vlc] opaque
"""
