"""Libraries for documents, settings, templates, pictures and sound. Windows are in `screens`."""

TABLE = """
@py-documents
openpyxl.load_workbook|reader.excel.load_workbook(filename) = fs.read filename -> openpyxl.Workbook(filename)
openpyxl.Workbook|workbook.Workbook() = pure -> openpyxl.Workbook
openpyxl.Workbook.save(filename) = fs.write filename
openpyxl.Workbook.* = pure
openpyxl.drawing.image.Image(img) = fs.read img
xlsxwriter.Workbook(filename) = fs.write filename -> openpyxl.Book
openpyxl.Book.* = pure
xlrd.open_workbook(filename) = fs.read filename
xlwt.Workbook() = pure -> openpyxl.Workbook
docx.Document(docx) = may fs.read docx -> docx.Document
docx.Document.save(path) = fs.write path
docx.Document.part|package() = pure -> docx.Document
docx.Document.* = pure
pptx.Presentation(pptx) = may fs.read pptx -> docx.Document
pypdf.PdfReader|PdfFileReader(stream) = fs.read stream -> pypdf.Reader
pypdf.PdfWriter|PdfMerger|PdfFileWriter|PdfFileMerger() = pure -> pypdf.Writer
pypdf.Reader.* = pure
pypdf.Writer.write(stream) = fs.write stream
pypdf.Writer.append|merge|clone_document_from_reader(fileobj) = fs.read fileobj
pypdf.Writer.* = pure
PyPDF2 => pypdf
PyPDF4 => pypdf
fitz.open(filename) = fs.read filename -> docx.Document
pymupdf.open(filename) = fs.read filename -> docx.Document
[fitz pymupdf pdf2image pytesseract pdfkit weasyprint camelot tabula easyocr ocrmypdf textract ebooklib] opaque
pdfplumber.open(path) = fs.read path
pdfplumber.PageImage.show() = proc.exec "viewer"
pdf2image.convert_from_path(pdf_path) = fs.read pdf_path; proc.exec "pdftoppm"
pytesseract.image_to_string(image) = fs.read image; proc.exec "tesseract"
pytesseract.* = proc.exec "tesseract"
pdfkit.* = proc.exec "wkhtmltopdf"; fs.write *
camelot.read_pdf(filepath) = fs.read filepath
tabula.read_pdf(input_path) = fs.read input_path; proc.exec "java"
fpdf.FPDF() = pure -> fpdf.FPDF
fpdf.FPDF.output(name) = fs.write name
fpdf.FPDF.image(name) = fs.read name
fpdf.FPDF.* = pure
reportlab.pdfgen.canvas.Canvas(filename) = fs.write filename
reportlab.platypus.SimpleDocTemplate|BaseDocTemplate(filename) = fs.write filename
yaml.load|load_all(stream, Loader) = !yaml_load
yaml.unsafe_load|unsafe_load_all|full_load|full_load_all() = opaque "loads YAML that can run code"
yaml.UnsafeLoader|Loader|FullLoader = pure
ruamel.yaml.YAML() = !unsafe_yaml -> ruamel.YAML
ruamel.yaml.load|load_all|unsafe_load|round_trip_load_all() = opaque "loads YAML that can run code"
ruamel.YAML.* = pure
toml.load(f) = fs.read f
dotenv.load_dotenv|find_dotenv(dotenv_path) = !dotenv
dotenv.dotenv_values(dotenv_path) = !dotenv
dotenv.set_key|unset_key(dotenv_path) = fs.write dotenv_path
decouple.config|Config(option) = env.read option
environs.Env() = env.read *
[dotenv decouple environs] opaque
lxml.etree.XMLParser() = !xml_parser
lxml.etree.parse|iterparse(source) = !read_anything
lxml.html.parse(filename_or_url) = !read_anything
lxml.etree.fromstring|XML|fromstringlist(text) = !document
lxml.objectify.fromstring|XML(text) = !document
lxml.etree.XMLParser.feed(data) = !document
lxml.objectify.parse(f) = !read_anything
defusedxml.ElementTree.parse|iterparse(source) = fs.read source
defusedxml.* = pure
[defusedxml] pure
jinja2.FileSystemLoader(searchpath) = fs.read searchpath/; opaque "renders templates from files, which are code"
jinja2.PackageLoader|ModuleLoader() = opaque "renders templates from files, which are code"
jinja2.Template() = !expression -> jinja2.Template
jinja2.Environment(*, extensions) = !extensions -> jinja2.Environment
jinja2.Environment.compile_templates(target) = fs.write target
jinja2.Environment.get_template|select_template() = pure -> jinja2.Template
jinja2.Template.stream|generate() = pure -> jinja2.Template
jinja2.Template.dump(fp) = fs.write fp
markdown.markdown|Markdown(*, extensions) = !extensions
jinja2.Environment.from_string() = !expression
jinja2.Environment.* = pure
jinja2.Template.* = pure
mako.template.Template() = opaque "runs a template, which is code"
mako.lookup.TemplateLookup() = opaque "runs templates, which are code"
[mako cheetah] opaque
joblib.load(filename) = fs.read filename; opaque "unpickles data, which can run any code"
joblib.dump(value, filename) = fs.write filename
joblib.Parallel|delayed|cpu_count = pure
joblib.Memory(location) = fs.write location/
pulp.LpProblem(name) = pure -> pulp.LpProblem
pulp.LpProblem.solve|sequentialSolve|roundSolution() = proc.exec "cbc"
pulp.LpProblem.writeLP|writeMPS|to_json(filename) = fs.write filename
pulp.LpProblem.fromMPS|from_json(filename) = fs.read filename
pulp.LpProblem.__latent__() = proc.exec "cbc"
pulp.LpProblem.* = pure
pyomo.environ.SolverFactory|SolverManagerFactory() = pure -> pyomo.Solver
pyomo.opt.SolverFactory() = pure -> pyomo.Solver
pyomo.Solver.solve() = proc.exec "solver"
pyomo.Solver.__latent__() = proc.exec "solver"
pyomo.Solver.* = pure
marshmallow.Schema.dump|dumps|load|loads|dump_many = pure
gensim.utils.unpickle|SaveLoad.load(fname) = fs.read fname; opaque "unpickles data, which can run any code"
statsmodels.api.load|load_pickle(fname) = fs.read fname; opaque "unpickles data, which can run any code"
statsmodels.iolib.smpickle.load_pickle(fname) = fs.read fname; opaque "unpickles data, which can run any code"
dill.loads|load|load_session() = opaque "unpickles data, which can run any code"
dill.dump|dumps = pure
cloudpickle.loads|load() = opaque "unpickles data, which can run any code"
cloudpickle.dump|dumps = pure
jsonpickle.decode|loads() = opaque "unpickles data, which can run any code"
jsonpickle.encode|dumps = pure
[dill cloudpickle jsonpickle] opaque
loguru.logger.add(sink) = !log_sink
loguru.logger.opt|bind|patch() = pure -> loguru.logger
loguru.logger.configure() = may fs.write *
loguru.logger.* = pure
frontmatter.load(fd) = fs.read fd
[frontmatter] pure
watchdog.* = pure
watchdog.observers.Observer() = pure -> watchdog.Observer
watchdog.Observer.schedule(event_handler, path) = fs.list path/
watchdog.Observer.* = pure
watchdog.utils.* = opaque "imports what a text names"
[watchdog schedule apscheduler] pure
schedule.every() = pure -> schedule.Job
schedule.Job.do(job_func) = call *args
schedule.Job.* = pure -> schedule.Job
pyperclip.copy|paste() = opaque "uses the clipboard"
clipboard.* = opaque "uses the clipboard"
pyautogui.* = opaque "controls mouse and keyboard"
pynput.* = opaque "watches or controls mouse and keyboard"
keyboard.* = opaque "watches or controls the keyboard"
mouse.* = opaque "watches or controls the mouse"
mss.* = opaque "takes pictures of the screen"
d3dshot.* = opaque "takes pictures of the screen"
[pyperclip clipboard pyautogui pynput keyboard mouse mss d3dshot] opaque
pyttsx3.init() = proc.exec "espeak" -> pyttsx3.Engine
pyttsx3.Engine.save_to_file(text, filename) = fs.write filename
pyttsx3.Engine.* = pure
[speech_recognition] pure
[speech_recognition.recognizers] opaque
speech_recognition.Recognizer() = pure -> speech_recognition.Recognizer
speech_recognition.Recognizer.recognize_google|recognize_google_cloud|recognize_wit|recognize_bing|recognize_azure|
    recognize_ibm() = http.post *
speech_recognition.Recognizer.* = pure
speech_recognition.AudioFile(filename) = fs.read filename
speech_recognition.Microphone() = opaque "listens to the microphone"
speech_recognition.Recognizer.recognize_amazon|recognize_assemblyai|recognize_houndify|recognize_whisper_api|recognize_openai|
    recognize_groq|recognize_lex|recognize_api|recognize_cohere_api|recognize_whisper|recognize_faster_whisper() = http.post *
speech_recognition.AudioData.get_flac_data() = proc.exec "flac"
speech_recognition.cli.* = http.get *
[pyaudio playsound sounddevice] opaque
playsound.playsound(sound) = fs.read sound; proc.exec "player"
pyaudio.* = opaque "uses the microphone or speakers"
sounddevice.* = opaque "uses the microphone or speakers"

@py-pictures
cv2.imread|VideoCapture|CascadeClassifier|imreadmulti|imreadanimation|imcount|haveImageReader(filename) = !read_anything
cv2.imwrite|imwritemulti|imwriteanimation|VideoWriter|FileStorage(filename) = fs.write filename
cv2.dnn.readNet|readNetFromCaffe|readNetFromONNX|readNetFromTensorflow|readNetFromDarknet|readNetFromTorch|readNetFromTFLite|
    readNetFromModelOptimizer|readTensorFromONNX|readTorchBlob|Net_readFromModelOptimizer(model, config) = fs.read model; may fs.read config
cv2.dnn_Model|dnn_DetectionModel|dnn_ClassificationModel|dnn_KeypointsModel|dnn_SegmentationModel|dnn_TextDetectionModel_EAST|
    dnn_TextDetectionModel_DB|dnn_TextRecognitionModel(model, config) = may fs.read model; may fs.read config
cv2.dnn.Model|DetectionModel|ClassificationModel|KeypointsModel|SegmentationModel|TextDetectionModel_EAST|TextDetectionModel_DB|
    TextRecognitionModel(model, config) = may fs.read model; may fs.read config
cv2.FaceDetectorYN_create|FaceRecognizerSF_create|FaceDetectorYN.create|FaceRecognizerSF.create(model) = fs.read model
cv2.samples.findFile|findFileOrKeep(relative_path) = fs.read relative_path
cv2.ml.ANN_MLP_load|Boost_load|DTrees_load|EM_load|KNearest_load|LogisticRegression_load|NormalBayesClassifier_load|RTrees_load|SVM_load|
    SVMSGD_load|TrainData_loadFromCSV(filepath) = fs.read filepath
cv2.Algorithm.readModel|loadModel|loadOCRHMMClassifier(path) = fs.read path
cv2.utils.fs.* = fs.read *
skimage.io.imread(fname) = !read_anything
skimage.io.imsave(fname) = fs.write fname
imageio.imread|get_reader|mimread(uri) = !read_anything
imageio.imwrite|mimsave|get_writer|mimwrite(uri) = fs.write uri
imageio.v2.imread|get_reader(uri) = !read_anything
imageio.v2.imwrite|mimsave|get_writer(uri) = fs.write uri
imageio.v3.imread|imiter(uri) = !read_anything
imageio.v3.imwrite(uri) = fs.write uri
matplotlib.pyplot.savefig|imsave(fname) = fs.write fname
matplotlib.pyplot.imread(fname) = !read_anything
matplotlib.pyplot.figure|gcf|gca|subplot() = pure -> matplotlib.Figure
matplotlib.pyplot.subplots() = pure -> matplotlib.Figures
matplotlib.figure.Figure() = pure -> matplotlib.Figure
matplotlib.Figure.savefig|print_figure(fname) = fs.write fname
matplotlib.Figure.* = pure -> matplotlib.Figure
matplotlib.Figures.* = pure -> matplotlib.Figure
matplotlib.image.imsave(fname) = fs.write fname
matplotlib.image.imread(fname) = !read_anything
matplotlib.animation.FuncAnimation|ArtistAnimation(fig, func) = call func -> matplotlib.Animation
matplotlib.Animation.save(filename) = fs.write filename
matplotlib.Animation.* = pure
matplotlib.backends.backend_pdf.PdfPages(filename) = fs.write filename
matplotlib.pylab => pylab
pylab.savefig(fname) = fs.write fname
matplotlib.use(backend) = !backend
matplotlib.pyplot.switch_backend(newbackend) = !backend
matplotlib.pyplot.style => matplotlib.style
matplotlib.cm|colors|pyplot.* = pure
seaborn.load_dataset(name) = http.get "https://raw.githubusercontent.com/"
folium.Map() = pure -> folium.Map
folium.Map.save(outfile) = fs.write outfile
folium.Map.* = pure
wordcloud.WordCloud.to_file(filename) = fs.write filename
wordcloud.WordCloud.* = pure -> wordcloud.WordCloud
graphviz.Digraph|Graph|Source() = pure -> graphviz.Graph
graphviz.Graph.render|view|pipe(filename) = fs.write filename; proc.exec "dot"
graphviz.Graph.save(filename) = fs.write filename
graphviz.Graph.* = pure
qrcode.make|QRCode() = pure -> PIL.Picture
[qrcode barcode pyqrcode] pure
moviepy.* = fs.read *; proc.exec "ffmpeg"
ffmpeg.* = proc.exec "ffmpeg"
pydub.AudioSegment.from_file|from_mp3|from_wav|from_ogg(file) = fs.read file; proc.exec "ffmpeg" -> pydub.AudioSegment
pydub.AudioSegment.export(out_f) = fs.write out_f; proc.exec "ffmpeg"
pydub.AudioSegment.* = pure -> pydub.AudioSegment
mutagen.* = fs.read *
librosa.load(path) = fs.read path
soundfile.read(file) = fs.read file
soundfile.write(file) = fs.write file
[moviepy ffmpeg pydub mutagen librosa soundfile audioread ffpyplayer] opaque
nbformat.read(fp) = !read_anything
nbformat.write(nb, fp) = fs.write fp
nbformat.reads|writes|validate|convert|v4|current_nbformat|from_dict|NotebookNode|NO_CONVERT() = pure
jsonlines.open(file, mode) = !open -> io.File(file)
jsonlines.Reader|Writer() = pure
deepdiff.DeepDiff|DeepHash|DeepSearch|grep|extract|parse_path() = pure
ics.Calendar|Event|Todo|DisplayAlarm() = pure
icalendar.Calendar|Event|Todo|vDatetime() = pure
rdflib.Graph|ConjunctiveGraph|Dataset() = pure -> rdflib.Graph
rdflib.Graph.parse|load(source) = may fs.read source
rdflib.Graph.serialize|print(destination) = may fs.write destination
rdflib.Graph.query|update() = opaque "asks what may be another server (SERVICE)"
rdflib.Graph.open() = opaque "opens a store"
rdflib.Graph.* = pure -> rdflib.Graph
rdflib.URIRef|Literal|BNode|Namespace|RDF|RDFS|OWL|XSD|FOAF|term|namespace() = pure
"""
