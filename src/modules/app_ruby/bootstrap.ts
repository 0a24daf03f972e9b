/** KSR and the running of a script's functions, in Ruby. */
export const BOOTSTRAP = String.raw`
require 'js'
require 'prism'
require 'stringio'

$kahea_left = 0
$kahea_depth = 0

module Kahea
  # What is handed over: of calls, 0 is the function, 1 to 6 arguments, 7 how many were given beyond them; 8 what an entry ended with.
  # 11 is 1 where a call may wait and, behind it, 2 where it does; 12 counts methods that come and go.
  A = Array.new(40, 0)
  # Texts from the server.
  B = String.new('x' * 1_048_576, encoding: Encoding::BINARY)
  NONE = :"kahea none"
  NOTHING = [].freeze
  # Comparing it calls the server.
  S = JS.global
  NAMES = []
  DEPTH_MAX = 16
  SPENT = '(($kahea_left -= 1) < 0 && Kahea.spent)'
  @idle = []
  @waiting = {}
  @depths = {}
  @count = 0
  @current = nil

  class Overrun < Exception; end

  class << self
    def show
      A[0, 4] = [false, nil, true, NONE]
    end

    def name
      NAMES << B.byteslice(0, A[1]).force_encoding('UTF-8').to_sym
    end

    # One function of KSR for each line: where it stands, its number, how many arguments it takes, whether it may wait.
    def make(lines)
      Object.const_set(:KSR, Module.new)
      lines.each_line do |line|
        owner, name, index, count, waits = line.split(' ')
        home = KSR
        if owner != '-'
          constant = owner.upcase
          home.const_set(constant, Module.new) unless home.const_defined?(constant, false)
          home = home.const_get(constant, false)
        end
        letters = (1..count.to_i).map { |i| "a#{i}" }
        home.module_eval(<<~RUBY, '<kahea>')
          def self.#{name}(#{letters.map { |l| "#{l} = Kahea::NONE, " }.join}*more)
            #{letters.each_with_index.map { |l, i| "Kahea::A[#{i + 1}] = #{l}; " }.join}
            Kahea::A[7] = more.size; Kahea::A[0] = #{index}
            (#{waits == '1' ? 'Kahea.ask' : 'Kahea::S == Kahea::S'}) ? Kahea.text : Kahea::A[0]
          end
        RUBY
      end
      KSR.const_set(:X, Module.new) unless KSR.const_defined?(:X, false)
      KSR::X.module_eval(<<~RUBY, '<kahea>')
        def self.exit = Kernel.exit
        def self.drop
          Kahea::A[0] = -2; Kahea::S == Kahea::S
          Kernel.exit
        end
        def self.modf(*all)
          all = all.map.with_index { |each, i| each.is_a?(Integer) && i > 0 ? each.to_s : each }
          7.times { |i| Kahea::A[i + 1] = all.fetch(i, Kahea::NONE) }
          Kahea::A[0] = -3
          Kahea.ask ? Kahea.text : Kahea::A[0]
        end
      RUBY
    end

    def text = (length = A[0]) < 0 ? B.byteslice(0, -length).to_i : B.byteslice(0, length)

    # Calls a function that may wait: this fiber, where it does.
    def ask
      A[11] = !@current.nil? && @current.equal?(Fiber.current) ? 1 : 0
      isText = S == S
      A[11] == 2 ? Fiber.yield(true) : isText
    end

    def changed = A[12] = (A[12] + 1) & 0xfffffff

    def spent
      A[0] = -1
      if S == S
        $kahea_left = 0
        raise Overrun, B.byteslice(0, A[0])
      end
      $kahea_left = 20_000
      false
    end

    def deep
      raise SystemStackError, "stack level too deep (more than #{DEPTH_MAX} blocks within each other)"
    end

    def log(level, text)
      A[1] = level; A[2] = text.b; A[0] = -4
      S == S
    end

    def read(path)
      A[1] = path.b; A[0] = -5
      S == S ? B.byteslice(0, A[0]).force_encoding('UTF-8') : nil
    end

    def write(path, text, append)
      A[1] = path.b; A[2] = text.b; A[3] = append ? 1 : 0; A[0] = -6
      S == S
      A[0]
    end

    def arguments
      at = 0
      (0...A[1]).map do |i|
        length = A[2 + i]
        at += length
        B.byteslice(at - length, length)
      end
    end

    # Calls the function whose name is the number at 0, which is there; nested within another call, nothing may wait.
    def run
      @name = NAMES[A[0]]
      @args = A[1] == 0 ? NOTHING : arguments
      step(@idle.pop || fiber, nil)
    end

    def run_within
      name = NAMES[A[0]]
      args = arguments
      outer, @current = @current, nil
      depth = $kahea_depth
      call(name, args)
      @current, $kahea_depth = outer, depth
    end

    def has
      A[0] = Kernel.respond_to?(NAMES[A[0]], true)
    end

    def go_on
      $kahea_depth = @depths.delete(A[9])
      step(@waiting.delete(A[9]), A[10])
    end

    def fiber
      Fiber.new do
        while true
          call(@name, @args)
          Fiber.yield(false)
        end
      end
    end

    def step(fiber, value)
      @current = fiber
      isWaiting = fiber.resume(value)
      @current = nil
      if isWaiting
        A[9] = @count = (@count + 1) & 0xfffffff
        @waiting[@count] = fiber
        @depths[@count] = $kahea_depth
        A[8] = 4
      elsif @idle.size < 50
        @idle << fiber
      end
    end

    def call(name, args)
      $kahea_depth = 0
      Kernel.__send__(name, *args)
      A[8] = 0
    rescue SystemExit
      A[8] = 1
    rescue Exception => e
      A[1], A[2] = words(e).b, place(e).b
      A[8] = 3
    end

    # Kamailio's Ruby is 3.1.
    def words(e)
      text = e.message.to_s
      if e.is_a?(NameError) && text =~ /\A(undefined (?:local variable or )?method) '(.*?)' for /
        r = e.receiver
        shown = r.nil? ? 'nil:NilClass' : r == true ? 'true:TrueClass' : r == false ? 'false:FalseClass' : nil
        shown ||= r.is_a?(Module) ? "#{r}:#{r.class}" : r.equal?(TOPLEVEL_BINDING.receiver) ? 'main:Object' : "#{r.inspect}:#{r.class}"
        return "#{$1} ${'`'}#{$2}' for #{shown}"
      end
      text
    rescue Exception
      e.class.to_s
    end

    def place(e)
      frames = (e.backtrace || []).reject { |f| f.start_with?('<kahea>', '<internal:', '-e:') || f.include?("'Kahea.") }
      frames.first(5).join(' < ')
    rescue Exception
      ''
    end

    # A script with a look at the clock in each loop and block, and a count of blocks within each other.
    def rewritten(source, path)
      parsed = Prism.parse(source, filepath: path)
      unless parsed.errors.empty?
        first = parsed.errors.first
        @wrong = [first.location.start_line, first.location.start_column + 1, first.message]
        raise SyntaxError, "#{path}:#{first.location.start_line}: #{first.message}"
      end
      places = Places.new
      parsed.value.accept(places)
      text = source.b
      places.found.each_with_index.sort_by { |(at, _), i| [-at, -i] }.each { |(at, added), _| text.insert(at, added) }
      text.force_encoding(source.encoding)
    end

    def evaluate(source, path)
      RubyVM::InstructionSequence.compile(rewritten(source, path), path, path).eval
    end

    def kept_globals
      (global_variables - SPECIAL).to_h { |n| [n, eval(n.to_s)] }
    end

    # Empty, or line, column and what is wrong.
    def load
      path = B.byteslice(0, A[1]).force_encoding('UTF-8')
      @wrong = nil
      methods = Object.private_instance_methods(false) | Object.instance_methods(false)
      bodies = methods.to_h { |n| [n, Object.instance_method(n)] }
      hidden = Object.private_instance_methods(false)
      constants = Object.constants(false).reject { |n| Object.autoload?(n) }.to_h { |n| [n, Object.const_get(n)] }
      globals = kept_globals
      features = LOADED.dup
      begin
        verbose, $VERBOSE = $VERBOSE, nil
        source = read(path)
        raise LoadError, 'cannot open file' if source.nil?
        $kahea_depth = 0
        evaluate(source, path)
        A[8] = 0
      rescue Exception => e
        back(methods, bodies, hidden, constants, globals)
        LOADED.replace(features)
        line = (e.backtrace_locations || []).find { |l| l.path == path }&.lineno || 0
        @wrong ||= [line, line > 0 ? 1 : 0, words(e)]
        A[1], A[2], A[3] = @wrong[0], @wrong[1], @wrong[2].b
        A[8] = 3
      ensure
        $VERBOSE = verbose
      end
    end

    def back(methods, bodies, hidden, constants, globals)
      now = Object.private_instance_methods(false) | Object.instance_methods(false)
      (now - methods).each { |n| Object.remove_method(n) }
      bodies.each do |n, body|
        next if now.include?(n) && Object.instance_method(n) == body
        Object.define_method(n, body)
        Object.__send__(:private, n) if hidden.include?(n)
      end
      Object.constants(false).each { |n| Object.__send__(:remove_const, n) unless constants.key?(n) || Object.autoload?(n) }
      constants.each do |n, value|
        next if Object.const_defined?(n, false) && Object.const_get(n).equal?(value)
        Object.__send__(:remove_const, n) if Object.const_defined?(n, false)
        Object.const_set(n, value)
      end
      @old = globals
      (global_variables - SPECIAL).each { |n| eval("#{n} = Kahea.old[:#{n}]") unless globals[n].equal?(eval(n.to_s)) }
    end

    attr_reader :old

    def found(name, folders)
      names = name.end_with?('.rb') ? [name] : [name + '.rb']
      return names.find { |n| read(n) } if name.start_with?('/')
      folders.each { |folder| names.each { |n| path = File.expand_path(n, folder); return path if read(path) } }
      nil
    end

    def feature(path)
      return false if LOADED.include?(path)
      LOADED << path
      begin
        evaluate(read(path), path)
      rescue Exception
        LOADED.delete(path)
        raise
      end
      true
    end
  end

  LOADED = []
  FOLDERS = []
  SPECIAL = global_variables + [:$kahea_left, :$kahea_depth]

  class Places < Prism::Visitor
    attr_reader :found

    def initialize = @found = []

    def repeated(node)
      @found << [node.predicate.location.start_offset, "(#{SPENT}; "] << [node.predicate.location.end_offset, ')']
      visit_child_nodes(node)
    end
    alias visit_while_node repeated
    alias visit_until_node repeated

    def visit_block_node(node)
      own = node.parameters.is_a?(Prism::BlockParametersNode) ? node.parameters.location : node.opening_loc
      within(node, own.end_offset)
    end

    def visit_lambda_node(node) = within(node, node.opening_loc.end_offset)

    # Blocks within each other are calls of C within each other, whose stack is short.
    def within(node, at)
      if node.body.nil?
        @found << [at, " #{SPENT}; nil; "]
      else
        @found << [at, " #{SPENT}; $kahea_depth > Kahea::DEPTH_MAX && Kahea.deep; $kahea_depth += 1; begin; begin; "]
        @found << [node.closing_loc.start_offset, ';end; ensure; $kahea_depth -= 1; end; ']
      end
      visit_child_nodes(node)
    end

    def visit_for_node(node)
      @found << [node.statements.location.start_offset, "#{SPENT}; "] if node.statements
      visit_child_nodes(node)
    end
  end

  class Output < StringIO
    def initialize(level)
      super()
      @level = level
    end

    def write(*texts)
      texts.join.each_line(chomp: true) { |line| Kahea.log(@level, line) unless line.empty? }
      texts.sum { |t| t.to_s.bytesize }
    end
  end

  module Files
    def read(path, *rest, **options)
      text = Kahea.read(path.to_s)
      text.nil? ? super : rest[0] ? text.byteslice(rest[1] || 0, rest[0]) : text
    end

    def readlines(path, *rest, chomp: false)
      text = Kahea.read(path.to_s)
      text.nil? ? super : text.lines(chomp: chomp)
    end

    def foreach(path, *rest, chomp: false, &block)
      text = Kahea.read(path.to_s)
      text.nil? ? super : text.each_line(chomp: chomp, &block)
    end

    def exist?(path) = !Kahea.read(path.to_s).nil? || super
    def file?(path) = !Kahea.read(path.to_s).nil? || super

    def write(path, text, *rest, mode: 'w', **options)
      Kahea.write(path.to_s, text.to_s, mode.start_with?('a')) ? text.to_s.bytesize : raise(Errno::EACCES, path.to_s)
    end
  end
  File.singleton_class.prepend(Files)
end

module Kernel
  alias kahea_require require
  def require(name)
    path = Kahea.found(name.to_s, Kahea::FOLDERS)
    path.nil? ? kahea_require(name) : Kahea.feature(path)
  end

  def require_relative(name)
    base = File.dirname(caller_locations(1, 1)[0].path)
    path = Kahea.found(name.to_s, [base])
    raise LoadError, "cannot load such file -- #{File.expand_path(name.to_s, base)}" if path.nil?
    Kahea.feature(path)
  end

  def load(name, *)
    path = Kahea.found(name.to_s, Kahea::FOLDERS)
    raise LoadError, "cannot load such file -- #{name}" if path.nil?
    Kahea.evaluate(Kahea.read(path), path)
    true
  end

  def sleep(*) = raise(NotImplementedError, 'sleep would stop the whole server')
  def exit!(*) = exit
  private :require, :require_relative, :load, :sleep, :exit!, :kahea_require
  module_function :require, :require_relative, :load, :sleep, :exit!
end
def Process.exit!(*) = exit

class Object
  class << self
    def method_added(*) = Kahea.changed
    def method_removed(*) = Kahea.changed
    def method_undefined(*) = Kahea.changed
  end
end

$stdout = Kahea::Output.new(2)
$stderr = Kahea::Output.new(0)
`
