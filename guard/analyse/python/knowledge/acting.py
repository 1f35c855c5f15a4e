"""The parts that act of libraries that compute, by library: what a walk through their sources found to write, start, fetch or unpickle."""

TABLE = """
@py-acting
pandas.io.json => pandas
pandas.io.parsers => pandas
pandas.io.excel => pandas
pandas.io.html => pandas
pandas.io.pickle => pandas
pandas.io.feather_format => pandas
pandas.io.parquet => pandas
pandas.io.orc => pandas
pandas.io.stata => pandas
pandas.io.sas.sasreader => pandas
pandas.io.spss => pandas
pandas.io.xml => pandas
pandas.io.pytables => pandas
pandas.io.sql.read_sql|read_sql_query(sql, con) = sql_on sql con -> pandas.DataFrame
pandas.io.sql.read_sql_table(table_name, con) = sql.select *
pandas.io.common.urlopen(url) = http.get url
pandas.get_handle(path_or_buf, mode) = !open
pandas.get_data_from_filepath|SAS7BDATReader|XportReader|StataReader|JsonReader|TextFileReader(path_or_buf) = !read_anything
pandas.api.typing.JsonReader|SASReader|StataReader(path_or_buf) = !read_anything
pandas.read_iceberg() = net.connect *
pandas.show_versions(as_json) = may fs.write as_json
[pandas.io] opaque
[pandas.io.formats] pure
polars.read_ods|read_ipc_stream|read_delta|scan_delta|scan_iceberg|read_lines|scan_lines(source) = !read_anything -> polars.DataFrame
polars.DataFrame.show_graph() = proc.exec "dot"
polars.Catalog|CredentialProviderAWS|CredentialProviderAzure|CredentialProviderGCP|RemoteEngine() = net.connect *
polars.plugins.* = opaque "uses native code"
[polars.io] opaque
seaborn.dogplot() = http.get "https://github.com/"
seaborn.get_data_home(data_home) = fs.create data_home/
seaborn.miscplot => seaborn
seaborn.utils => seaborn
numpy.fromregex(file) = !read_anything
numpy.lib.npyio.NpzFile(fid) = fs.read fid
numpy.lib.format.open_memmap(filename, mode) = !numpy_memmap
numpy.lib.format.read_array() = opaque "unpickles data, which can run any code"
numpy.testing.check_support_sve() = proc.exec "lscpu"
scipy.io.hb_write(path_or_open_file) = fs.write path_or_open_file
scipy.io.FortranFile|netcdf_file(filename, mode) = !open -> io.File(filename)
scipy.odr.ODR(*, rptfile) = may fs.write rptfile
scipy.odr.odr(*, rptfile) = may fs.write rptfile
scipy.LowLevelCallable() = opaque "uses native code"
matplotlib.animation.FFMpegWriter|FFMpegFileWriter|ImageMagickWriter|ImageMagickFileWriter|PillowWriter|HTMLWriter|AVConvWriter|
    AVConvFileWriter|MovieWriter|FileMovieWriter() = pure -> matplotlib.Writer
matplotlib.Writer.saving|setup(fig, outfile) = fs.write outfile; may proc.exec "ffmpeg" -> matplotlib.Writer
matplotlib.Writer.finish|bin_path|isAvailable() = proc.exec "ffmpeg"
matplotlib.Writer.* = pure
matplotlib.Animation.to_html5_video|to_jshtml() = proc.exec "ffmpeg"; fs.write *
matplotlib.Figure.print_png|print_raw|print_rgba|print_pdf|print_svg|print_svgz|print_ps|print_eps|print_pgf|print_jpg|print_jpeg|
    print_tif|print_tiff|print_webp|print_gif(filename) = fs.write filename
matplotlib.backends.backend_agg.FigureCanvasAgg|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_svg.FigureCanvasSVG|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_pdf.FigureCanvasPdf|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_ps.FigureCanvasPS|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_tkagg.FigureCanvasTkAgg|NavigationToolbar2Tk|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_qtagg.FigureCanvasQTAgg|NavigationToolbar2QT|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_qt5agg.FigureCanvasQTAgg|NavigationToolbar2QT|FigureCanvas() = pure -> matplotlib.Figure
matplotlib.backends.backend_pgf.PdfPages(filename) = fs.write filename; proc.exec "latex"
matplotlib.backend_bases.register_backend|get_registered_canvas_class() = opaque "imports a module by its name"
matplotlib.dviread.* = proc.exec "kpsewhich"
matplotlib.font_manager.findSystemFonts|FontManager() = proc.exec "fc-list"
matplotlib.font_manager.json_dump(data, filename) = fs.write filename
matplotlib.textpath.TexManager => matplotlib.texmanager.TexManager
matplotlib.cbook.get_sample_data(fname) = fs.read fname
[matplotlib.backends matplotlib.sphinxext matplotlib.testing] opaque
plotly.offline.plot_mpl() = fs.write "temp-plot.html"
plotly.offline.offline => plotly.offline
plotly.io.to_image|full_figure_for_development() = proc.exec "kaleido"
plotly.Figure.to_image|full_figure_for_development() = proc.exec "kaleido"
plotly.io.orca.* = proc.exec "orca"
plotly.io.kaleido.* = proc.exec "kaleido"
plotly.io.get_chrome() = http.get "https://googlechromelabs.github.io/"
plotly.io.base_renderers.* = proc.exec "browser"
PIL.EpsImagePlugin.* = proc.exec "gs"
PIL.JpegImagePlugin.JpegImageFile.load_djpeg() = proc.exec "djpeg"
PIL.Picture.load_djpeg() = proc.exec "djpeg"
PIL.PdfParser.PdfParser(filename, f, buf, start_offset, mode) = !open
sklearn.datasets.get_data_home(data_home) = fs.create data_home/
sklearn.datasets.load_svmlight_files(files) = fs.read files
sklearn.utils.fixes.* = opaque "unpacks archives"
[sklearn.externals] opaque
joblib.memory.Memory => joblib.Memory
joblib.disk.delete_folder|rm_subdirs(folder_path) = fs.delete folder_path/
joblib.disk.mkdirp(d) = fs.create d/
joblib.numpy_pickle.load => joblib.load
joblib.numpy_pickle.dump => joblib.dump
joblib.parallel.Parallel => joblib.Parallel
joblib.parallel.delayed => joblib.delayed
[joblib.memory joblib.pool joblib.backports joblib.externals joblib.numpy_pickle joblib.compressor joblib.disk] opaque
spacy.util.minibatch|compounding|decaying|filter_spans|fix_random_seed|get_words_and_spaces|is_package|compile_prefix_regex|
    compile_suffix_regex|compile_infix_regex|registry() = pure
spacy.lang.el.get_pos_from_wiktionary.* = http.get *
spacy.training.console_logger|console_logger_v3(*, output_file) = fs.write output_file
[spacy.cli spacy.util spacy.training.loop spacy.training.loggers spacy.training.initialize] opaque
spacy.training.train|initialize|init_nlp|clean_output_dir() = opaque "trains by a configuration that names code and folders"
click.termui.launch => click.launch
click.termui.edit => click.edit
click.termui.echo_via_pager => click.echo_via_pager
click.termui.Editor() = proc.exec "editor"
click.testing.CliRunner.isolated_filesystem(temp_dir) = fs.create temp_dir/
typer.main.launch => typer.launch
[click.shell_completion typer.cli typer.completion] opaque
tqdm.main|cli.main() = opaque "runs as the program that its arguments ask for"
dask.array.from_npy_stack(dirname) = fs.read dirname/; opaque "unpickles data, which can run any code"
dask.array.core.from_npy_stack(dirname) = fs.read dirname/; opaque "unpickles data, which can run any code"
dask.visualize|dot.dot_graph|base.visualize_dsk() = fs.write "mydask.png"; proc.exec "dot"
dask.Bag.visualize() = fs.write "mydask.png"; proc.exec "dot"
pandas.DataFrame.visualize() = fs.write "mydask.png"; proc.exec "dot"
dask.utils.ensure_not_exists(filename) = fs.delete filename
dask.utils.filetext|filetexts|tmpfile|tmpdir|tmp_cwd() = fs.write *
dask.utils.changed_cwd(new_cwd) = opaque "changes the folder that paths are relative to"
dask.utils.import_required() = opaque "imports a module by its name"
dask.config.ensure_file(source, destination) = fs.write destination
dask.dataframe.read_sql|read_sql_table|read_sql_query(sql, con) = net.connect *
dask.bytes.*(urlpath) = !read_anything
[dask.cli] opaque
h5py.ipy_completer.* = opaque "runs text as code"
xarray.tutorial.* = http.get "https://github.com/pydata/xarray-data/"
xarray.show_versions|util.print_versions.show_versions|util.print_versions.get_sys_info() = proc.exec "git"
numba.gdb|gdb_init|gdb_breakpoint() = proc.exec "gdb"
numba.scripts.* = opaque "starts programs and writes files"
numba.misc.* = opaque "starts programs and writes files"
numba.np.ufunc.* = opaque "makes and runs code"
numba.experimental.structref.define_constructor|define_proxy() = opaque "makes and runs code"
statsmodels.tsa.x13.* = proc.exec "x13as"
statsmodels.tsa.api.x13_arima_select_order|x13_arima_analysis() = proc.exec "x13as"
statsmodels.datasets.check_internet() = http.get *
pyarrow.create_library_symlinks() = fs.symlink *
pyarrow.get_library_dirs() = proc.exec "pkg-config"
pyarrow.dataset.dataset|parquet_dataset(source) = !read_anything
pyarrow.dataset.write_dataset(data, base_dir) = fs.write base_dir/
pyarrow.substrait.run_query() = opaque "runs a plan that names files"
pyarrow.cffi.* = opaque "uses native code"
sympy.print_gtk|printing.gtk.print_gtk() = proc.exec "mathml-viewer"
sympy.printing.preview.* = proc.exec "latex"; fs.write *
sympy.categories.preview_diagram|diagram_drawing.preview_diagram() = proc.exec "latex"; fs.write *
sympy.utilities.lambdify.lambdify => sympy.lambdify
sympy.plotting.experimental_lambdify.* = opaque "runs text as code"
sympy.plotting.pygletplot.* = opaque "runs text as code"
sympy.parsing.c.* = fs.write *
sympy.parsing.latex.build_parser.* = proc.exec "antlr4"; fs.write *
sympy.parsing.autolev.build_parser.* = proc.exec "antlr4"; fs.write *
sympy.polys.polyconfig.configure() = opaque "runs text as code"
sympy.testing.* = opaque "runs tests"
sympy.doctest|test() = opaque "runs tests"
nltk.app.* = opaque "starts a program with windows or a server"
nltk.draw.* = fs.write *
nltk.classify.Senna|WekaClassifier|TadmMaxentClassifier|MaxentClassifier.train|call_megam|call_tadm|rte_classifier|config_megam|
    config_weka|config_tadm() = proc.exec "classifier"
nltk.Prover9|Prover9Command|Mace|MaceCommand|ParallelProverBuilder|ParallelProverBuilderCommand|Boxer|call_megam|call_tadm|
    config_megam|config_tadm|config_weka|config_java|WekaClassifier|Senna|StanfordSegmenter|ReppTokenizer|StanfordTokenizer|MaltParser|
    CoreNLPParser|CoreNLPDependencyParser|BllipParser|StanfordParser() = proc.exec "java"
nltk.sem.Boxer() = proc.exec "boxer"
nltk.tokenize.ReppTokenizer|StanfordSegmenter|StanfordTokenizer() = proc.exec "java"
nltk.parse.CoreNLPParser|CoreNLPDependencyParser|CoreNLPServer|BllipParser|StanfordParser|StanfordDependencyParser|
    StanfordNeuralDependencyParser() = proc.exec "java"
nltk.parse.dependencygraph.dot2img() = proc.exec "dot"
nltk.parse.dependencygraph.malt_demo() = proc.exec "java"
nltk.corpus.reader.XML_Tool() = fs.write *
nltk.corpus.reader.PanLexLiteCorpusReader() = sql.select *
nltk.data.make_staging_dir|staging_tempdir() = fs.create *
nltk.data.retrieve|show_cfg(resource_url) = !read_anything
nltk.downloader.Downloader.* = http.get "https://raw.githubusercontent.com/"
nltk.downloader.unzip(filename, root) = fs.read filename; fs.write root/
nltk.set_proxy|util.set_proxy() = net.connect *
nltk.sentiment.util.* = fs.read *; fs.write *
nltk.twitter.* = net.connect "api.twitter.com:443"
nltk.tag.PerceptronTagger() = pure -> nltk.PerceptronTagger
nltk.PerceptronTagger.train(sentences, save_loc) = may fs.write save_loc
nltk.PerceptronTagger.save_to_json() = fs.write *
nltk.PerceptronTagger.* = pure
[nltk.pathsec nltk.internals nltk.classify.megam nltk.classify.tadm nltk.classify.weka nltk.classify.senna nltk.classify.maxent] opaque
[nltk.classify.rte_classify nltk.sem.boxer nltk.sem.chat80 nltk.tokenize.repp nltk.tokenize.stanford_segmenter nltk.tag.senna] opaque
[nltk.tag.hunpos nltk.tag.stanford nltk.parse.bllip nltk.toolbox nltk.decorators] opaque
jax.numpy.load(file) = !numpy_load
jax.numpy.save|savez(file) = fs.write file
jax.collect_profile.* = net.connect *; fs.write *
jax.profiler.start_trace|trace(log_dir) = fs.write log_dir/
jax.profiler.save_device_memory_profile(filename) = fs.write filename
jax.profiler.stop_trace() = fs.write *
jax.print_environment_info() = proc.exec "nvidia-smi"
jax.experimental.mosaic.* = opaque "builds and loads native code"
jax.experimental.pallas.mosaic_gpu.* = opaque "builds and loads native code"
jax.experimental.source_mapper.* = fs.write *
jax.experimental.compilation_cache.* = fs.write *
jax.ffi.* = opaque "uses native code"
jax.tools.* = opaque "imports modules by their names"
flax.io.remove|rmtree(path) = fs.delete path/
flax.io.rename|copy(src, dst) = fs.delete src; fs.write dst
flax.io.makedirs(path) = fs.create path/
flax.io.GFile(name, mode) = !open -> io.File(name)
flax.training.checkpoints.* = fs.write *
flax.testing.* = fs.write *
xgboost.RabitTracker|tracker.RabitTracker() = net.connect *
xgboost.collective.* = net.connect *; opaque "unpickles data, which can run any code"
xgboost.callback.TrainingCheckPoint(directory) = fs.write directory/
xgboost.dask.* = net.connect *
xgboost.spark.* = net.connect *
[xgboost.testing xgboost.tracker] opaque
catboost.Model.create_metric_calcer|eval_metrics|compare|select_features|randomized_search|grid_search() = fs.write "catboost_info"
catboost.Model.calc_feature_statistics|plot_partial_dependence|plot_predictions(*, plot_file) = may fs.write plot_file
catboost.cv|train|core.cv|core.train|sample_gaussian_process() = fs.write "catboost_info"
catboost.datasets.* = http.get "https://storage.mds.yandex.net/"; fs.write *
catboost.utils.create_cd(*, output_path) = fs.write output_path
[catboost.core catboost.eval catboost.hnsw] opaque
gensim.downloader.* = http.get *; fs.write *
gensim.similarities.Similarity(output_prefix) = fs.write output_prefix -> gensim.Similarity(output_prefix)
gensim.Similarity.destroy() = fs.delete self
gensim.Similarity.* = pure
gensim.corpora.IndexedCorpus(fname) = fs.read fname; opaque "unpickles data, which can run any code"
gensim.utils.check_output() = proc.exec *
gensim.utils.copytree_hardlink(source, dest) = fs.write dest/
gensim.utils.pyro_daemon|getNS|get_my_ip() = net.connect *
gensim.similarities.annoy.AnnoyIndexer.load() = opaque "unpickles data, which can run any code"
gensim.scripts.* = opaque "runs as a program"
gensim.models.lda_dispatcher.* = net.connect *
gensim.models.lda_worker.* = net.connect *
gensim.models.lsi_dispatcher.* = net.connect *
gensim.models.lsi_worker.* = net.connect *
wordcloud.wordcloud_cli.* = fs.write *
bokeh.client.* = net.connect *
bokeh.command.* = opaque "runs as a program"
bokeh.ext.* = proc.exec "node"
bokeh.io.export.* = fs.write *; proc.exec "browser"
bokeh.io.showing.* = proc.exec "browser"
bokeh.io.export_svg|export_svgs|export_png(obj, filename) = fs.write filename; proc.exec "browser"
bokeh.io.notebook.show_app() = net.connect "0.0.0.0"
bokeh.io.state.* = net.connect *
bokeh.settings.* = fs.read *
bokeh.sphinxext.* = opaque "runs code out of documents"
bokeh.util.browser.* = proc.exec "browser"
bokeh.util.compiler.* = proc.exec "node"
bokeh.util.package.* = proc.exec "openssl"
bokeh.application.handlers.* = opaque "runs files as code"
altair.utils.execeval.* = opaque "runs text as code"
altair.utils.server.* = net.connect "0.0.0.0"
altair.Chart.open_editor|show() = proc.exec "browser"
skimage.io.util.file_or_url_context(resource_name) = !read_anything
imageio.core.* = fs.read *; fs.write *
imageio.plugins.* = opaque "starts programs, reads and writes files"
pyproj.transformer.TransformerGroup.download_grids() = http.get "https://cdn.proj.org/"; fs.write *
folium.GeoJson|TopoJson|Choropleth|features.GeoJson|plugins.TimeSliderChoropleth(data) = !read_anything
"""
